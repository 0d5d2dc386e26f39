namespace ArchGen;

/// <summary>
/// Finds a model's tensors in a file for generated code, and collects missing, misshapen and unexpected tensors, so that they are reported together.
/// </summary>
/// <remarks>For one caller at a time.</remarks>
public sealed partial class TensorBinder
{
    private readonly IModelSource _source;
    private readonly string _prefix;
    private readonly string _index;
    private readonly TensorLedger _ledger;

    internal TensorBinder(IModelSource source, TensorLedger ledger, string prefix = "", string index = "")
    {
        _index = index;
        _source = source;
        _ledger = ledger;
        _prefix = prefix;
    }

    /// <summary>Binds an embedding table.</summary>
    public Embedding Embedding(string name, long[] dims) => FindEmbedding(name, dims, required: true)!;

    /// <summary>Binds an embedding table that the file may lack.</summary>
    public Embedding? OptionalEmbedding(string name, long[] dims) => FindEmbedding(name, dims, required: false);

    /// <summary>Binds an embedding table, or a matrix of its shape if the file lacks it.</summary>
    public Embedding TiedEmbedding(string name, long[] dims, Linear tied) =>
        FindEmbedding(name, dims, required: false) ?? new Embedding(_prefix + name, Guard.NotNull(tied).Weight);

    /// <summary>Binds a matrix.</summary>
    /// <param name="name">The name without suffix.</param>
    /// <param name="dims">[out, in].</param>
    /// <param name="bias">Whether it has a bias.</param>
    /// <param name="scale">The name of the tensor that multiplies the result, null for NAME.scale.</param>
    public Linear Linear(string name, long[] dims, Bias bias = Bias.None, string? scale = null) =>
        FindLinear(name, dims, bias, scale, required: true)!;

    /// <summary>Binds a matrix that the file may lack.</summary>
    public Linear? OptionalLinear(string name, long[] dims, Bias bias = Bias.None, string? scale = null) =>
        FindLinear(name, dims, bias, scale, required: false);

    /// <summary>Binds a matrix, or an embedding table if the file lacks it.</summary>
    public Linear TiedLinear(string name, long[] dims, Embedding tied, Bias bias = Bias.None, string? scale = null) =>
        FindLinear(name, dims, bias, scale, required: false) ?? new Linear(_prefix + name, Guard.NotNull(tied).Weight, null, null);

    /// <summary>Binds a matrix, or another matrix if the file lacks it.</summary>
    public Linear TiedLinear(string name, long[] dims, Linear tied, Bias bias = Bias.None, string? scale = null) =>
        FindLinear(name, dims, bias, scale, required: false) ?? Guard.NotNull(tied);

    /// <summary>Binds a matrix per head.</summary>
    public HeadLinear HeadLinear(string name, long[] dims) => OptionalHeadLinear(name, dims, required: true)!;

    /// <summary>Binds a matrix per head that the file may lack.</summary>
    public HeadLinear? OptionalHeadLinear(string name, long[] dims) => OptionalHeadLinear(name, dims, required: false);

    /// <summary>Binds the stacked matrices of experts.</summary>
    public Experts Experts(string name, long[] dims, Bias bias = Bias.None, string? scale = null) => FindExperts(name, dims, bias, scale, required: true)!;

    /// <summary>Binds the stacked matrices of experts that the file may lack.</summary>
    public Experts? OptionalExperts(string name, long[] dims, Bias bias = Bias.None, string? scale = null) =>
        FindExperts(name, dims, bias, scale, required: false);

    /// <summary>Binds a norm.</summary>
    public RmsNorm RmsNorm(string name, long[] dims, float epsilon) => new(_prefix + name, Find(name + ".weight", dims, required: true)!, epsilon);

    /// <summary>Binds a norm that the file may lack.</summary>
    public RmsNorm? OptionalRmsNorm(string name, long[] dims, float epsilon) =>
        Find(name + ".weight", dims, required: false) is { } weight ? new RmsNorm(_prefix + name, weight, epsilon) : null;

    /// <summary>Binds a norm.</summary>
    public LayerNorm LayerNorm(string name, long[] dims, float epsilon, Bias bias = Bias.None) =>
        new(_prefix + name, Find(name + ".weight", dims, required: true)!, FindBias(name, bias, dims), epsilon);

    /// <summary>Binds a norm that the file may lack.</summary>
    public LayerNorm? OptionalLayerNorm(string name, long[] dims, float epsilon, Bias bias = Bias.None) =>
        Find(name + ".weight", dims, required: false) is { } weight ? new LayerNorm(_prefix + name, weight, FindBias(name, bias, dims), epsilon) : null;

    /// <summary>Binds a convolution.</summary>
    public CausalConv CausalConv(string name, long[] dims, Bias bias = Bias.None) =>
        new(_prefix + name, Find(name + ".weight", Ranked(dims, 1), required: true)!, FindBias(name, bias, [dims[0]]));

    /// <summary>Binds a convolution that the file may lack.</summary>
    public CausalConv? OptionalCausalConv(string name, long[] dims, Bias bias = Bias.None) =>
        Find(name + ".weight", Ranked(dims, 1), required: false) is { } weight ? new CausalConv(_prefix + name, weight, FindBias(name, bias, [dims[0]])) : null;

    /// <summary>Binds a tensor without a module by its full name.</summary>
    public Weight Weight(string name, long[] dims) => new(_prefix + name, Find(name, dims, required: true)!);

    /// <summary>Binds a tensor without a module that the file may lack, by its full name.</summary>
    public Weight? OptionalWeight(string name, long[] dims) => Find(name, dims, required: false) is { } weight ? new Weight(_prefix + name, weight) : null;

    /// <summary>A block's state.</summary>
    public State State(string name, long[] dims) => new(_prefix + name + ".state", Guard.NotNull(dims));

    /// <summary>A declared cache; by default its values have the shape of its keys.</summary>
    public KvCache KvCache(string name, long[] keys, long[]? values = null) => new(_prefix + name, Guard.NotNull(keys), values ?? keys);

    /// <summary>Whether the file has a tensor of this name and shape.</summary>
    public bool Has(string name, long[] dims) => _source.FindTensor(_prefix + name) is { } found && TensorLedger.IsSame(dims, found);

    private Embedding? FindEmbedding(string name, long[] dims, bool required) =>
        Find(name + ".weight", dims, required) is { } weight ? new Embedding(_prefix + name, weight) : null;

    private Linear? FindLinear(string name, long[] dims, Bias bias, string? scale, bool required) =>
        Find(Guard.NotNull(name) + ".weight", Ranked(dims, 1), required) is { } weight
            ? new Linear(_prefix + name, weight, FindBias(name, bias, dims[..1]), FindScale(name, scale, [1]), LlamaCppTable.IsScaledLast(name))
            : null;

    private HeadLinear? OptionalHeadLinear(string name, long[] dims, bool required) =>
        Find(name + ".weight", dims, required) is { } weight ? new HeadLinear(_prefix + name, weight) : null;

    private Experts? FindExperts(string name, long[] dims, Bias bias, string? scale, bool required) =>
        Find(Guard.NotNull(name) + ".weight", Ranked(dims, 2), required) is { } weight
            ? new Experts(_prefix + name, weight, FindBias(name, bias, dims[..2]), FindScale(name, scale, dims[..1]))
            : null;

    private TensorInfo? FindBias(string name, Bias bias, long[] dims) => bias == Bias.None ? null : Find(name + ".bias", dims, bias == Bias.Required);

    private TensorInfo? FindScale(string name, string? scale, long[] dims) => scale switch
    {
        null => Find(name + ".scale", dims, required: false),
        _ => Find(scale.Replace("{i}", _index, StringComparison.Ordinal), dims, required: false, absolute: true),
    };

    private TensorInfo? Find(string name, long[] dims, bool required, bool absolute = false)
    {
        var full = absolute ? Guard.NotNull(name) : _prefix + Guard.NotNull(name);
        if (!required && _ledger.IsIgnored(full)) return null;
        var found = _source.FindTensor(full);
        _ledger.Expect(full, Guard.NotNull(dims), found, required);
        // An absent or misshapen tensor is reported with all others; until then the expected shape is used.
        return found is null && !required ? null : new TensorInfo(full, dims);
    }

    private static long[] Ranked(long[] dims, int rank) => Guard.NotNull(dims).Length >= rank ? dims
        : throw new ArgumentException($"There are {dims.Length} dimensions, expected {rank} or more.", nameof(dims));
}
