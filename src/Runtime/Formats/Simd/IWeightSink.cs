namespace ArchGen.Formats.Simd;

/// <summary>Takes the weights that a block format unpacks, a vector at a time. A type parameter, so that they stay in registers.</summary>
internal interface IWeightSink<TVector> where TVector : struct
{
    /// <summary>Takes the weights from <paramref name="index"/> on, counted from where the sink stands.</summary>
    void Take(int index, TVector weights);

    /// <summary>Takes a single weight, where fewer than a vector are left.</summary>
    void Take(int index, float weight);

    /// <summary>Moves on by so many weights.</summary>
    void Advance(int count);
}
