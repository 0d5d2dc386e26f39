namespace ArchGen;

/// <summary>An architecture. Derived classes declare hyper-parameters, tensors, blocks and a forward pass; the rest is generated.</summary>
/// <remarks>Read-only once it is loaded: safe for concurrent use.</remarks>
public abstract partial class Model : OpVocabulary
{
    /// <summary>The name in <c>general.architecture</c>. Generated.</summary>
    public abstract string ArchitectureName { get; }

    /// <summary>The names of the architectures that it derives from, the nearest first. Generated.</summary>
    protected internal virtual IReadOnlyList<string> BaseNames => [];

    /// <summary>The rotary embedding. Generated.</summary>
    public abstract RopeKind RopeKind { get; }

    /// <summary>The number of tokens in the vocabulary.</summary>
    [HyperParameter("vocab_size")]
    public int Vocab { get; protected set; }

    private protected override Model Root => this;

    /// <summary>The tensors of files that this architecture does not use, and the reasons. Generated.</summary>
    protected internal virtual IReadOnlyList<IgnoredTensorsAttribute> IgnoredTensors => [];

    /// <summary>
    /// The forward pass: tokens [T] to logits [T, vocab], or to embeddings [T, embd]. A decoder that attends to an encoder's output overrides
    /// <see cref="EncoderDecoderModel.Forward(Tokens, Tensor)"/> instead.
    /// </summary>
    public virtual Tensor Forward(Tokens tokens) => throw new InvalidOperationException($"{ArchitectureName} needs its encoder's rows.");

    /// <summary>Reads the hyper-parameters. Generated.</summary>
    protected internal abstract void ReadHyperParameters(HyperParameterReader file);

    /// <summary>Declares the model's tensors and blocks. Generated.</summary>
    protected internal abstract void BindTensors(TensorBinder tensors);

    /// <summary>Makes a tensor, or a bias, from the checkpoint's weights. Generated.</summary>
    /// <param name="tensor">The name without suffix, <c>{i}</c> for a block's index.</param>
    /// <param name="weights">The checkpoint's weights.</param>
    protected internal virtual Weights Convert(string tensor, Weights weights) => weights;

    /// <summary>The checkpoint's config.json, for a method that makes weights: a multiplier that a file has in its matrices.</summary>
    /// <exception cref="InvalidOperationException">Nothing is converted.</exception>
    protected Config Config => Converted ?? throw new InvalidOperationException("There is a config.json only while a checkpoint is converted.");

    /// <summary>The config.json of the checkpoint that is converted, or null.</summary>
    internal Config? Converted { get; set; }

    /// <summary>The weight of a norm that multiplies by 1 + w, for one that multiplies by w.</summary>
    protected static Weights OnePlus(Weights weights) => weights.Plus(1);

    /// <summary>The transpose of a matrix that the checkpoint has as [in, out] (Conv1D of GPT-2).</summary>
    protected static Weights Transposed(Weights weights) => weights.Transposed();

    /// <summary>A from its logarithm (arXiv:2312.00752).</summary>
    protected static Weights NegativeExp(Weights weights) => weights.NegativeExp();

    /// <summary>The first of two matrices that are fused in the checkpoint.</summary>
    protected static Weights FirstHalf(Weights weights) => weights.Rows(0, weights.Shape[0] / 2);

    /// <summary>The second of two matrices that are fused in the checkpoint.</summary>
    protected static Weights SecondHalf(Weights weights) => weights.Rows(weights.Shape[0] / 2, weights.Shape[0] / 2);
}
