namespace ArchGen.Tools.Quantization.Mixes;

/// <summary>What a mix knows of the model.</summary>
/// <param name="Blocks">Its blocks, those that predict further tokens included.</param>
/// <param name="Experts">Its experts, or 0.</param>
/// <param name="QueriesPerKey">Query heads for each key head in the first block; 0 if that has no attention.</param>
/// <param name="HasImportance">Whether an importance matrix is at hand.</param>
/// <param name="Declared">Where its architecture parts from the common mixes.</param>
public sealed record ModelTraits(int Blocks, int Experts, int QueriesPerKey, bool HasImportance, QuantizationAttribute Declared);

/// <summary>Where a tensor stands among those of its role.</summary>
/// <param name="Model">The model.</param>
/// <param name="Index">Its number among them, from 0.</param>
/// <param name="Count">How many there are, or would be with one in each block.</param>
internal readonly record struct Place(ModelTraits Model, int Index, int Count)
{
    /// <summary>Whether errors here cost most, in the first and last eighth, or it is every third between.</summary>
    public bool IsSensitive => Index < Count / 8 || Index >= 7 * Count / 8 || (Index - (Count / 8)) % 3 == 2;

    /// <summary>Whether it is among the first of so many parts.</summary>
    public bool IsInFirst(int parts) => Index < Count / parts;
}
