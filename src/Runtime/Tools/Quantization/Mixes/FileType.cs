using System.Globalization;
using ArchGen.Formats;
using ArchGen.Gguf;

namespace ArchGen.Tools.Quantization.Mixes;

/// <summary>A kind of quantized file: its usual type, and the roles whose tensors have others.</summary>
public sealed class FileType
{
    internal FileType(string name, int id, TensorType type) => (Name, Id, Type) = (name, id, type);

    /// <summary>The name: <c>Q4_K_M</c>.</summary>
    public string Name { get; }

    /// <summary>The number in <c>general.file_type</c> (llama.h, <c>llama_ftype</c>).</summary>
    public int Id { get; }

    /// <summary>The type of matrices that are not treated apart.</summary>
    public TensorType Type { get; }

    /// <summary>Other names.</summary>
    public IReadOnlyList<string> Aliases { get; internal init; } = [];

    /// <summary>Whether tensors keep the types that they have.</summary>
    public bool KeepsTypes { get; internal init; }

    /// <summary>Whether its usual type, too, gives garbage without an importance matrix, although the type alone does not say so.</summary>
    internal bool NeedsImportance { get; init; }

    /// <summary>Whether only the stacked matrices of experts have <see cref="Type"/>, and all others are Q8_0.</summary>
    internal bool ForExperts { get; init; }

    /// <summary>The type of the output; of the embedding, where that serves as output.</summary>
    internal TensorType Output { get; init; } = TensorType.Q6_K;

    /// <summary>Whether it has about two bits, so that what is common to all others does not hold: large models in mind, it spends bits differently.</summary>
    internal bool IsLowest { get; init; }

    // For each role the choices in order; the first that holds counts, and where none does the usual type.
    internal Choice[] TokenEmbedding { get; init; } = [];

    internal Choice[] Value { get; init; } = [];

    internal Choice[] Key { get; init; } = [];

    internal Choice[] Query { get; init; } = [];

    internal Choice[] AttentionOutput { get; init; } = [];

    internal Choice[] FeedForwardInput { get; init; } = [];

    internal Choice[] FeedForwardDown { get; init; } = [];

    // The same for architectures that are declared to be lean; a null is as all others.
    internal Choice[]? LeanAttentionOutput { get; init; } = [];

    internal Choice[]? LeanFeedForwardDown { get; init; }

    /// <summary>Finds a file type by its name, an alias or its number, in any case.</summary>
    public static bool TryParse(string text, out FileType type)
    {
        var found = FileTypes.All.FirstOrDefault(t => t.Aliases.Prepend(t.Name).Contains(text, StringComparer.OrdinalIgnoreCase));
        if (found is null && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            found = FileTypes.All.FirstOrDefault(t => t.Id == id);
        type = found!;
        return found is not null;
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
