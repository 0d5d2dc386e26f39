using System.ComponentModel;
using ArchGen.Graphs;

namespace ArchGen;

/// <summary>A block of a model: a layer. Derived classes declare its tensors and its forward pass.</summary>
/// <remarks>Read-only once it is loaded: safe for concurrent use.</remarks>
public abstract partial class Block : OpVocabulary
{
    private Model? _model;

    /// <summary>The number of this block in its list, from 0.</summary>
    public int Index { get; private set; }

    /// <summary>The prefix of its tensors' names: <c>blk.3</c>.</summary>
    public string Prefix { get; private set; } = "";

    /// <summary>The model of this block.</summary>
    protected internal Model Model => _model ?? throw new InvalidOperationException("This block belongs to no model yet.");

    private protected override Model Root => Model;

    /// <summary>Calls the block's <c>Forward(Tensor x)</c> on the residual stream, x [T, embd] -> [T, embd]. Generated.</summary>
    /// <exception cref="NotSupportedException">The block declares no such method.</exception>
    protected internal virtual Tensor RunForward(Tensor x) => throw new NotSupportedException($"{GetType().Name} has no Forward(Tensor).");

    /// <summary>The graph of the block's <c>Forward(Tensor x)</c>. Generated.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public virtual Tensor BuildForward(GraphScope g, Tensor x) => throw new NotSupportedException($"{GetType().Name} has no Forward(Tensor).");

    /// <summary>Declares this block's tensors. Generated.</summary>
    protected internal abstract void BindTensors(TensorBinder tensors);

    /// <summary>Whether the file has the tensor that decides on this kind of block, in its shape. Generated.</summary>
    protected internal virtual bool IsInFile(TensorBinder tensors) => throw new InvalidOperationException("No tensor decides on this kind of block.");

    internal void Attach(Model model, int index, string prefix)
    {
        _model = model;
        Index = index;
        Prefix = prefix;
    }
}
