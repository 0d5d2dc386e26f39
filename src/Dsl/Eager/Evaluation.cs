namespace ArchGen;

/// <summary>A run of a forward pass: each operation is recorded in a graph, or computed immediately.</summary>
internal abstract class Evaluation
{
    /// <summary>More operations than any model has: a file that asks for more has a wrong number of layers or passes.</summary>
    private const int MaxOperations = 1 << 18;

    private readonly Dictionary<string, CacheContents> _declared = new(StringComparer.Ordinal);
    private readonly HashSet<string> _states = new(StringComparer.Ordinal);
    private int _caches, _operations;

    /// <summary>The maximum number of positions of a sequence in this run.</summary>
    public required int SequenceLength { get; init; }

    /// <summary>The mask of attentions that state none: the model's, <see cref="DecoderModel.IsCausal"/>.</summary>
    public AttentionMask Mask { get; init; }

    /// <summary>The ids of the batch's tokens, [T].</summary>
    public abstract Tensor Tokens { get; }

    /// <summary>The positions of the batch's tokens, [T].</summary>
    public abstract Tensor Positions { get; }

    /// <summary>The segments of the batch's tokens, [T]: 0.</summary>
    public abstract Tensor Segments { get; }

    /// <summary>The rows of another graph: [T, width], one for each token, or [S, width].</summary>
    public abstract Tensor Rows(Dim count, long width);

    /// <summary>
    /// Creates a cache and returns its number. A declared cache that is written again becomes another cache: in a list of blocks that runs twice, each pass
    /// has its own.
    /// </summary>
    /// <param name="cache">The declared cache; null for the cache of a single attention.</param>
    /// <param name="keys">The keys, [T, kvHeads, d].</param>
    /// <param name="values">The values, [T, kvHeads, dv].</param>
    /// <exception cref="ModelFileException">The shapes are not the declared ones.</exception>
    public int WriteCache(KvCache? cache, Tensor keys, Tensor values)
    {
        if (cache is not null)
        {
            Check(cache, "keys", keys, cache.Keys);
            Check(cache, "values", values, cache.Values);
            _declared[cache.Name] = new CacheContents(_caches, keys, values);
        }

        return _caches++;
    }

    /// <summary>The contents of a declared cache, as last written.</summary>
    /// <exception cref="GraphException">Nothing was written to it.</exception>
    public CacheContents ReadCache(KvCache cache) => _declared.TryGetValue(cache.Name, out var contents) ? contents : throw new GraphException(
        $"The cache {cache.Name} is read before a layer has written it. "
        + "Correct the condition under which layers write it, or the hyper-parameter that it depends on.");

    /// <summary>Applies an operation.</summary>
    public abstract Tensor Apply(string name, Op op, Attributes attributes, params Tensor?[] inputs);

    /// <summary>A tensor of the file; null if <paramref name="info"/> is.</summary>
    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(info))]
    public abstract Tensor? Weight(TensorInfo? info);

    /// <summary>The state of a block.</summary>
    /// <exception cref="GraphException">It was used before: a list of blocks that runs twice would go on with the state of its first pass.</exception>
    public Tensor State(State state) => _states.Add(state.Name) ? StateOf(state)
        : throw new GraphException($"The state {state.Name} is used twice in one forward pass. Layers with a state run once.");

    /// <summary>The state of a block, which nothing has used.</summary>
    protected abstract Tensor StateOf(State state);

    /// <summary>Counts an operation, and stops at too many.</summary>
    /// <exception cref="ModelFileException">There are more than any model has.</exception>
    protected void CountOperation(string name)
    {
        if (++_operations <= MaxOperations) return;
        throw new ModelFileException($"{name}: a forward pass has at most {MaxOperations} operations, and this one has more. "
            + "A hyper-parameter of the file is wrong: the number of layers, or how often they run.");
    }

    private static void Check(KvCache cache, string what, Tensor written, Shape declared)
    {
        var found = new Shape([.. written.Shape.Skip(1)]);
        if (found.Equals(declared)) return;
        throw new ModelFileException($"The cache {cache.Name} is declared for {what} of shape {declared}, but {found} are written. "
            + "A hyper-parameter of the file is wrong, or it belongs to another architecture.");
    }
}
