namespace ArchGen.Formats.Simd;

/// <summary>Takes the weights that a block format unpacks, a vector at a time. A type parameter, so that they stay in registers.</summary>
internal interface IWeightSink<TVector> where TVector : struct
{
    /// <summary>Takes the weights from <paramref name="index"/> on, counted from the sink's position.</summary>
    void Take(int index, TVector weights);

    /// <summary>Takes a single weight, if fewer than a vector are left.</summary>
    void Take(int index, float weight);

    /// <summary>Advances by a number of weights.</summary>
    void Advance(int count);
}
