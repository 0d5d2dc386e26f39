using ArchGen.Formats;
using ArchGen.Gguf;
using ArchGen.Tools.Quantization.Mixes;
using ArchGen.Tools.Quantization.Roles;

namespace ArchGen.Tools.Quantization.Plan;

/// <summary>
/// Chooses the types of a model's tensors, one after the other in the order of <see cref="TensorOrder"/>: the choice of a mix for a role depends on the
/// number of tensors of that role that came before.
/// </summary>
/// <param name="fileType">The mix.</param>
/// <param name="model">The model.</param>
/// <param name="roleOf">The role of the tensor of a name.</param>
/// <param name="options">The types that the user chose.</param>
internal sealed class TypeSelection(FileType fileType, ModelTraits model, Func<string, TensorRole> roleOf, QuantizationOptions options)
{
    private const int FewestSharedHeads = 2;

    private readonly int[] _seen = new int[Enum.GetValues<TensorRole>().Length];
    private int _values;
    private bool _isTied;

    /// <summary>The types of the tensors, each with what was wanted before its width was looked at.</summary>
    /// <param name="tensors">All tensors, in order.</param>
    public IReadOnlyList<(TensorType Type, TensorType Wanted)> Choose(IReadOnlyList<SourceTensor> tensors)
    {
        _values = tensors.Count(t => roleOf(t.Name) == TensorRole.AttentionValue);
        // Without an output the embedding serves as one.
        _isTied = tensors.All(t => roleOf(t.Name) != TensorRole.Output);
        return [.. tensors.Select(Choose)];
    }

    private (TensorType Type, TensorType Wanted) Choose(SourceTensor tensor)
    {
        var role = roleOf(tensor.Name);
        if (!IsQuantizable(tensor, role)) return (tensor.Type, tensor.Type);
        var wanted = role switch
        {
            TensorRole.TokenEmbedding when options.TokenEmbeddingType is { } type => type,
            TensorRole.Output when options.OutputType is { } type => type,
            _ when options.TensorTypes.FirstOrDefault(rule => rule.Matches(tensor.Name)) is { } rule => rule.Type,
            _ when options.Pure || !fileType.Type.IsQuantized => fileType.Type,
            _ => OfMix(tensor, role),
        };
        return (FallbackTypes.Fit(wanted, tensor.Columns), wanted);
    }

    private bool IsQuantizable(SourceTensor tensor, TensorRole role) =>
        !fileType.KeepsTypes && tensor.IsMatrix && tensor.IsReal && role != TensorRole.Parameter && !(role == TensorRole.Output && options.LeaveOutput);

    private TensorType OfMix(SourceTensor tensor, TensorRole role)
    {
        if (role == TensorRole.Output || (role == TensorRole.TokenEmbedding && _isTied)) return OfOutput(tensor);
        if (fileType.ForExperts) return tensor.IsStack ? fileType.Type : TensorType.Q8_0;
        var place = PlaceOf(tensor, role);
        var isLean = model.Declared.LeanBlocks && !fileType.IsLowest;
        var choices = role switch
        {
            TensorRole.TokenEmbedding => fileType.TokenEmbedding,
            TensorRole.AttentionValue => fileType.Value,
            TensorRole.AttentionKey => fileType.Key,
            TensorRole.AttentionQuery => fileType.Query,
            TensorRole.AttentionOutput => (isLean ? fileType.LeanAttentionOutput : null) ?? fileType.AttentionOutput,
            TensorRole.FeedForwardGate or TensorRole.FeedForwardUp => fileType.FeedForwardInput,
            TensorRole.FeedForwardDown => (isLean ? fileType.LeanFeedForwardDown : null) ?? fileType.FeedForwardDown,
            _ => [],
        };
        var type = choices.Where(c => c.Holds(place)).Select(c => c.Type).FirstOrDefault(fileType.Type);
        return fileType.IsLowest ? type : Raise(type, role);
    }

    /// <summary>The choice of all mixes but the lowest for keys and values, which are small if many heads share them, or beside experts.</summary>
    private TensorType Raise(TensorType type, TensorRole role)
    {
        if (role is not (TensorRole.AttentionKey or TensorRole.AttentionValue)) return type;
        if (model.Experts == Choice.ManyExperts) return TensorType.Q8_0;
        var isWide = role == TensorRole.AttentionValue && model.Declared.WideValueBlocks > 0 && model.Blocks == model.Declared.WideValueBlocks
            && model.QueriesPerKey >= FewestSharedHeads;
        return isWide && type is TensorType.Q3_K or TensorType.Q4_K ? TensorType.Q5_K : type;
    }

    private TensorType OfOutput(SourceTensor tensor)
    {
        if (options.OutputType is { } type) return type;
        return model.Declared.WideOutput || tensor.Columns % fileType.Type.BlockSize != 0 ? TensorType.Q8_0 : fileType.Output;
    }

    private Place PlaceOf(SourceTensor tensor, TensorRole role)
    {
        var index = _seen[(int)role]++;
        if (role == TensorRole.AttentionValue) return new Place(model, index, _values);
        // Experts may be beside dense networks, so the layer's number counts. The lowest mixes go on counting.
        var isFeedForward = role is TensorRole.FeedForwardGate or TensorRole.FeedForwardUp or TensorRole.FeedForwardDown;
        if (isFeedForward && model.Experts > 1 && !fileType.IsLowest) index = TensorRoles.BlockOf(tensor.Name) ?? index;
        return new Place(model, index, model.Blocks);
    }
}
