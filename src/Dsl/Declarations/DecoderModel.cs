using ArchGen.Eager;

namespace ArchGen;

/// <summary>The output row of a text that the ranking head reads.</summary>
public enum RankedRow
{
    /// <summary>The row of the first token (BERT's [CLS]).</summary>
    First,

    /// <summary>The mean of all rows.</summary>
    Mean,

    /// <summary>The row of the last token.</summary>
    Last,
}

/// <summary>The usual hyper-parameters of transformers. Each is read from a file only if an architecture uses it.</summary>
/// <remarks>Read-only once it is loaded: safe for concurrent use.</remarks>
public abstract class DecoderModel : Model
{
    /// <summary>The context length of training.</summary>
    [HyperParameter("context_length", Hf = "max_position_embeddings|n_positions|n_ctx|max_seq_len", Always = true)]
    public int ContextLength { get; protected set; }

    /// <summary>The width of the residual stream.</summary>
    [HyperParameter("embedding_length", Hf = "hidden_size|n_embd|d_model|dim", Always = true)]
    public int Embd { get; protected set; }

    /// <summary>The number of blocks.</summary>
    [HyperParameter("block_count", Hf = "num_hidden_layers|n_layer|n_layers|num_layers", Always = true)]
    public int BlockCount { get; protected set; }

    /// <summary>The width of the feed-forward network.</summary>
    [HyperParameter("feed_forward_length", Hf = "intermediate_size|n_inner|d_ff|hidden_dim", Always = true)]
    public PerLayer<int> Ff { get; protected set; } = null!;

    /// <summary>The number of query heads.</summary>
    [HyperParameter("attention.head_count", Hf = "num_attention_heads|n_head|n_heads|num_heads", Always = true)]
    public PerLayer<int> Heads { get; protected set; } = null!;

    /// <summary>The number of key and value heads.</summary>
    [HyperParameter("attention.head_count_kv", Hf = "num_key_value_heads", Always = true, Default = "Heads")]
    public PerLayer<int> KvHeads { get; protected set; } = null!;

    /// <summary>
    /// Whether a token attends only to itself and those before it, the mask of <c>Attention(q, k, v, scale)</c>. A model that attends both ways has
    /// <c>[Default(nameof(IsCausal), "false"), Hf(nameof(IsCausal), "false")]</c>: its default, and what conversion writes.
    /// </summary>
    [HyperParameter("attention.causal", Default = "true")]
    public bool IsCausal { get; protected set; } = true;

    /// <summary>The size of a query and key head.</summary>
    [HyperParameter("attention.key_length", Hf = "head_dim|d_kv", Also = "attention.value_length", Default = "Embd/Heads")]
    public int HeadDim { get; protected set; }

    /// <summary>The epsilon of root-mean-square norms: of every <see cref="RmsNorm"/> that names no other.</summary>
    [HyperParameter("attention.layer_norm_rms_epsilon", Hf = "rms_norm_eps|layer_norm_epsilon")]
    public float RmsEpsilon { get; protected set; }

    /// <summary>The epsilon of layer norms: of every <see cref="LayerNorm"/> that names no other.</summary>
    [HyperParameter("attention.layer_norm_epsilon", Hf = "layer_norm_eps|layer_norm_epsilon|norm_eps|norm_epsilon")]
    public float LayerNormEpsilon { get; protected set; }

    /// <summary>The number of elements of a head that are rotated.</summary>
    [HyperParameter("rope.dimension_count", Default = "HeadDim")]
    public int RopeDims { get; protected set; }

    /// <summary>The base of the rotary frequencies.</summary>
    [HyperParameter("rope.freq_base", Hf = "rope_theta|rotary_emb_base", Default = "10000")]
    public float RopeFreqBase { get; protected set; }

    /// <summary>The scaling of positions beyond the trained context length.</summary>
    [HyperParameter("rope.scaling", Hf = "rope_scaling")]
    public RopeScaling RopeScaling { get; protected set; } = RopeScaling.None;

    /// <summary>Whether the file is that of a ranker; only then <see cref="Rank(Tensor)"/> is used.</summary>
    public bool IsRanker => this is IRankerSizes { PoolingType: 4 };

    /// <summary>The row of a text that the ranking head reads.</summary>
    public virtual RankedRow RankedRow => RankedRow.First;

    /// <summary>
    /// The ranking head: the pooled row of a text, [1, embd], to its scores, [1, labels]. By default there is none. A class that has one names
    /// <see cref="IRankerSizes"/>.
    /// </summary>
    protected virtual Tensor Rank(Tensor row) =>
        throw new RequestException($"{ArchitectureName} declares no head that ranks texts. Choose another kind of pooling.");

    /// <summary>The scores of a text, [labels]: <see cref="Rank(Tensor)"/>, evaluated eagerly, since one row does not need a compiled graph.</summary>
    /// <param name="source">The file.</param>
    /// <param name="row">The pooled row of the text, [embd].</param>
    /// <exception cref="ArchGenException">The architecture or the file has no ranking head.</exception>
    public float[] Scores(IModelSource source, float[] row) => IsRanker
        ? OfRow(source, row, Rank)
        : throw new RequestException($"{ArchitectureName}: the file is no ranker. Choose another kind of pooling.");

    /// <summary>
    /// The head of embeddings, after pooling: the row of a text, [1, embd], to its embedding, [1, n]. By default the row itself. Where rows are not pooled,
    /// each goes through it.
    /// </summary>
    protected virtual Tensor Project(Tensor row) => row;

    /// <summary>The embedding of a text: <see cref="Project(Tensor)"/>, evaluated eagerly; the row itself if the model has no head.</summary>
    /// <param name="source">The file.</param>
    /// <param name="row">The pooled row of the text, [embd].</param>
    public float[] Projected(IModelSource source, float[] row) => OfRow(source, Guard.NotNull(row), Project);

    private static float[] OfRow(IModelSource source, float[] row, Func<Tensor, Tensor> head)
    {
        var pooled = new EagerEvaluation(source, [0], new Operand(row, [1, row.Length])) { SequenceLength = 1 }.Given;
        var result = head(pooled);
        return ReferenceEquals(result, pooled) ? row : [.. result.Values!.Values];
    }

    internal override AttentionMask Mask => IsCausal ? AttentionMask.Causal : AttentionMask.Bidirectional;

    private protected override int UsualSequenceLength => ContextLength;
}
