using ArchGen.Eager;
using ArchGen.Graphs;

namespace ArchGen;

/// <summary>A model whose decoder attends to the output of its encoder.</summary>
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
    /// <inheritdoc/>
    public override Graph BuildGraph(GraphOptions? options = null)
    {
        var (evaluation, scope) = BeginGraph(ArchitectureName, options);
        return evaluation.Build(BuildForward(scope, new Tokens(evaluation), evaluation.Encoded(Embd)));
    }

    /// <summary>The encoder's graph.</summary>
    /// <inheritdoc cref="BuildGraph"/>
    public Graph BuildEncoderGraph(GraphOptions? options = null)
    {
        var (evaluation, scope) = BeginGraph(ArchitectureName + ".encoder", options);
        return evaluation.Build(BuildEncode(scope, new Tokens(evaluation)));
    }

    /// <summary>Encodes the tokens, then decodes the same tokens.</summary>
    public override Operand Evaluate(
        IModelSource source, int[] tokens, Action<string, Op, Operand>? observer = null, GeluPrecision gelu = GeluPrecision.Exact,
        CancellationToken cancellation = default, int? sequenceLength = null) =>
        Evaluate(source, tokens, tokens, observer, gelu, cancellation, sequenceLength);

    /// <summary>Encodes one sequence and decodes another eagerly, one operation at a time.</summary>
    public Operand Evaluate(
        IModelSource source, int[] tokens, int[] decoderTokens, Action<string, Op, Operand>? observer = null, GeluPrecision gelu = GeluPrecision.Exact,
        CancellationToken cancellation = default, int? sequenceLength = null)
    {
        var encoder = Begin(tokens, null);
        var decoder = Begin(decoderTokens, Encode(new Tokens(encoder)).Values);
        return Forward(new Tokens(decoder), decoder.Encoded).Values!;

        EagerEvaluation Begin(int[] read, Operand? encoded) => new(source, read, encoded)
        {
            Observer = observer,
            Gelu = gelu,
            Cancellation = cancellation,
            SequenceLength = sequenceLength ?? read.Length,
        };
    }
}
