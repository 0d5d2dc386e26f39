using ArchGen.Formats;
using ArchGen.Gguf;

namespace ArchGen.Tools.Quantization.Mixes;

/// <summary>A type, and where a mix takes it.</summary>
internal readonly record struct Choice(TensorType Type, Func<Place, bool> Holds)
{
    /// <summary>The number of experts (Mixtral's) beside whose feed-forward networks attention is small.</summary>
    public const int ManyExperts = 8;

    /// <summary>Everywhere.</summary>
    public static Choice Always(TensorType type) => new(type, static _ => true);

    /// <summary>If errors cost most there.</summary>
    public static Choice Sensitive(TensorType type) => new(type, static place => place.IsSensitive);

    /// <summary>For the first few tensors.</summary>
    public static Choice First(int tensors, TensorType type) => new(type, place => place.Index < tensors);

    /// <summary>In the first of this many equal parts of the model.</summary>
    public static Choice FirstPart(int parts, TensorType type) => new(type, place => place.IsInFirst(parts));

    /// <summary>Apart from the first and the last eighth of the model.</summary>
    public static Choice Middle(TensorType type) => new(type, static place => place.Index >= place.Count / 8 && place.Index < 7 * place.Count / 8);

    /// <summary>If four query heads or more share values, which are small then.</summary>
    public static Choice Shared(TensorType type) => new(type, static place => place.Model.QueriesPerKey >= 4);

    /// <summary>In models of eight experts.</summary>
    public static Choice EightExperts(TensorType type) => new(type, static place => place.Model.Experts == ManyExperts);

    /// <summary>In models of four experts or more.</summary>
    public static Choice FourExperts(TensorType type) => new(type, static place => place.Model.Experts >= 4);

    /// <summary>The same, only with an importance matrix.</summary>
    public Choice WithImportance() => And(static place => place.Model.HasImportance);

    /// <summary>The same, only without an importance matrix.</summary>
    public Choice WithoutImportance() => And(static place => !place.Model.HasImportance);

    /// <summary>The same, only where another choice holds too.</summary>
    public Choice And(Func<Place, bool> other)
    {
        var holds = Holds;
        return this with { Holds = place => holds(place) && other(place) };
    }
}
