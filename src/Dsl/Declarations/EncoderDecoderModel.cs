using ArchGen.Eager;
using ArchGen.Graphs;

namespace ArchGen;

/// <summary>A model whose decoder reads what its encoder computed.</summary>
public abstract class EncoderDecoderModel : DecoderModel
{
    /// <summary>The encoder: tokens [S] to rows [S, embd].</summary>
    public abstract Tensor Encode(Tokens tokens);

    /// <summary>The decoder: tokens [T] and the encoder's rows [S, embd] to logits [T, vocab].</summary>
    public abstract Tensor Forward(Tokens tokens, Tensor encoded);

    /// <summary>The graph of <see cref="Encode"/>. Generated.</summary>
    protected abstract Tensor BuildEncode(GraphScope g, Tokens tokens);

    /// <summary>The graph of <see cref="Forward(Tokens, Tensor)"/>. Generated.</summary>
    protected abstract Tensor BuildForward(GraphScope g, Tokens tokens, Tensor encoded);

    /// <summary>The decoder's graph.</summary>
    public override Graph BuildGraph()
    {
        var evaluation = new GraphEvaluation(ArchitectureName);
        return evaluation.Build(BuildForward(new GraphScope("", this), new Tokens(evaluation), evaluation.Encoded(Embd)));
    }

    /// <summary>The encoder's graph.</summary>
    public Graph BuildEncoderGraph()
    {
        var evaluation = new GraphEvaluation(ArchitectureName + ".encoder");
        return evaluation.Build(BuildEncode(new GraphScope("", this), new Tokens(evaluation)));
    }

    /// <summary>Encodes the tokens, then decodes the same tokens.</summary>
    public override Operand Evaluate(
        IModelSource source, int[] tokens, Action<string, Op, Operand>? observer = null, GeluPrecision gelu = GeluPrecision.Exact,
        CancellationToken cancellation = default) =>
        Evaluate(source, tokens, tokens, observer, gelu, cancellation);

    /// <summary>Encodes one sequence and decodes another, as written, one operation at a time.</summary>
    public Operand Evaluate(
        IModelSource source, int[] tokens, int[] decoderTokens, Action<string, Op, Operand>? observer = null, GeluPrecision gelu = GeluPrecision.Exact,
        CancellationToken cancellation = default)
    {
        var encoder = new EagerEvaluation(source, tokens) { Observer = observer, Gelu = gelu, Cancellation = cancellation };
        var encoded = Encode(new Tokens(encoder)).Values;
        var decoder = new EagerEvaluation(source, decoderTokens, encoded) { Observer = observer, Gelu = gelu, Cancellation = cancellation };
        return Forward(new Tokens(decoder), decoder.Encoded).Values!;
    }
}
