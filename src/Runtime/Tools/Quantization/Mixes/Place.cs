namespace ArchGen.Tools.Quantization.Mixes;

/// <summary>The facts about a model that a mix reads.</summary>
/// <param name="Blocks">The number of its layers, those that predict further tokens included.</param>
/// <param name="Experts">The number of its experts, or 0.</param>
/// <param name="QueriesPerKey">Query heads for each key head in the first layer; 0 if that has no attention.</param>
/// <param name="HasImportance">Whether there is an importance matrix.</param>
/// <param name="Declared">The exceptions that its architecture declares from the common mixes.</param>
public sealed record ModelTraits(int Blocks, int Experts, int QueriesPerKey, bool HasImportance, QuantizationAttribute Declared);

/// <summary>A tensor's place among those of its role.</summary>
/// <param name="Model">The model.</param>
/// <param name="Index">Its number among them, from 0.</param>
/// <param name="Count">The number of attention values for those; for other roles the number of layers.</param>
internal readonly record struct Place(ModelTraits Model, int Index, int Count)
{
    /// <summary>Whether errors cost most here, in the first and last eighth, or the tensor is every third between.</summary>
    public bool IsSensitive => Index < Count / 8 || Index >= 7 * Count / 8 || (Index - (Count / 8)) % 3 == 2;

    /// <summary>Whether the tensor is in the first of this many equal parts.</summary>
    public bool IsInFirst(int parts) => Index < Count / parts;
}
