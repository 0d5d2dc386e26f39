using ArchGen.Eager;
using ArchGen.Graphs;

namespace ArchGen;

/// <summary>A model whose decoder attends to the output of its encoder, which is a graph of its own.</summary>
/// <remarks>Read-only once it is loaded: safe for concurrent use.</remarks>
public abstract class EncoderDecoderModel : DecoderModel
{
    /// <summary>The name of the encoder's graph.</summary>
    public const string EncoderGraph = "encoder";

    /// <summary>The encoder: tokens [S] to rows [S, embd].</summary>
    [Graph(EncoderGraph, Tokens = "S")]
    public abstract Tensor Encode(Tokens tokens);

    /// <summary>The decoder: tokens [T] and the encoder's rows [S, embd] to logits [T, vocab].</summary>
    public abstract Tensor Forward(Tokens tokens, [Rows("S, Embd")] Tensor encoded);

    /// <summary>The graph of <see cref="Forward(Tokens, Tensor)"/>. Generated.</summary>
    protected abstract Tensor BuildForward(GraphScope g, Tokens tokens, Tensor encoded);

    /// <summary>Encodes the tokens, then decodes the same tokens.</summary>
    public override Operand Evaluate(
        IModelSource source, int[] tokens, Action<string, Op, Operand>? observer = null, GeluPrecision gelu = GeluPrecision.Exact,
        CancellationToken cancellation = default, int? sequenceLength = null) =>
        Evaluate(Guard.NotNull(source), Guard.NotNull(tokens), tokens, observer, gelu, cancellation, sequenceLength);

    /// <summary>Encodes one sequence and decodes another eagerly, one operation at a time.</summary>
    public Operand Evaluate(
        IModelSource source, int[] tokens, int[] decoderTokens, Action<string, Op, Operand>? observer = null, GeluPrecision gelu = GeluPrecision.Exact,
        CancellationToken cancellation = default, int? sequenceLength = null) =>
        Decode(source, Evaluate(EncoderGraph, source, tokens, null, observer, gelu, cancellation, sequenceLength), decoderTokens, observer, gelu, cancellation,
            sequenceLength);

    /// <summary>Decodes a sequence eagerly with the encoder's rows at hand.</summary>
    internal Operand Decode(
        IModelSource source, Operand encoded, int[] tokens, Action<string, Op, Operand>? observer = null, GeluPrecision gelu = GeluPrecision.Exact,
        CancellationToken cancellation = default, int? sequenceLength = null) =>
        Run(null, source, tokens, encoded, observer, gelu, cancellation, sequenceLength);

    internal override IReadOnlyList<Graph> BuildPasses() => [BuildGraph(EncoderGraph), BuildGraph()];

    private protected override Tensor BuildMain(GraphScope g, GraphInputs inputs) => BuildForward(g, inputs.Tokens, inputs.EncoderRows(Embd));

    private protected override Tensor RunMain(GraphInputs inputs) => Forward(inputs.Tokens, inputs.EncoderRows(Embd));
}
