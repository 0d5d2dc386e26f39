using ArchGen.Eager;
using ArchGen.Graphs;

namespace ArchGen;

/// <content>The graphs of a model, and their eager evaluation: that of the forward pass, and those that methods with [Graph] declare.</content>
public abstract partial class Model
{
    /// <summary>The names of the graphs beside that of the forward pass (<see cref="GraphAttribute"/>). Generated.</summary>
    public virtual IReadOnlyList<string> GraphNames => [];

    /// <summary>The graph of <see cref="Forward(Tokens)"/>. Generated.</summary>
    protected virtual Tensor BuildForward(GraphScope g, Tokens tokens) => throw new InvalidOperationException($"{ArchitectureName} needs its encoder's rows.");

    /// <summary>One of <see cref="GraphNames"/> as a graph. Generated.</summary>
    protected virtual Tensor BuildNamed(string name, GraphScope g, GraphInputs inputs) => throw NoGraph(name);

    /// <summary>The method of one of <see cref="GraphNames"/>. Generated.</summary>
    protected virtual Tensor RunNamed(string name, GraphInputs inputs) => throw NoGraph(name);

    /// <summary>The static graph. Does not modify the model, so several threads may build graphs of one model at the same time.</summary>
    /// <param name="options">The options of the graph; by default all defaults.</param>
    /// <exception cref="ArchGenException">The shapes of the file's tensors do not fit each other.</exception>
    public Graph BuildGraph(GraphOptions? options = null) => Build(null, options);

    /// <summary>One of the graphs beside that of the forward pass. It is called after the architecture and itself: <c>t5.encoder</c>.</summary>
    /// <param name="name">One of <see cref="GraphNames"/>.</param>
    /// <param name="options">The options of the graph; by default all defaults.</param>
    /// <exception cref="RequestException">There is no graph of this name.</exception>
    /// <exception cref="ArchGenException">The file lacks what the graph needs, or the shapes of its tensors do not fit each other.</exception>
    public Graph BuildGraph(string name, GraphOptions? options = null) => Build(Known(name), options);

    /// <summary>Runs the forward pass eagerly, one operation at a time, on one sequence.</summary>
    /// <param name="source">The file.</param>
    /// <param name="tokens">The token ids.</param>
    /// <param name="observer">Receives the result of each operation.</param>
    /// <param name="gelu">The precision of GELU.</param>
    /// <param name="cancellation">Cancels it between two operations.</param>
    /// <param name="sequenceLength">As <see cref="GraphOptions.SequenceLength"/>; by default the number of tokens, as in transformers.</param>
    /// <returns>[T, vocab], or [T, embd].</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public virtual Operand Evaluate(
        IModelSource source, int[] tokens, Action<string, Op, Operand>? observer = null, GeluPrecision gelu = GeluPrecision.Exact,
        CancellationToken cancellation = default, int? sequenceLength = null) =>
        Run(null, source, tokens, null, observer, gelu, cancellation, sequenceLength);

    /// <summary>Runs one of the graphs beside that of the forward pass eagerly.</summary>
    /// <param name="name">One of <see cref="GraphNames"/>.</param>
    /// <param name="source">The file.</param>
    /// <param name="tokens">The token ids.</param>
    /// <param name="rows">The rows of another graph, for a graph that reads such.</param>
    /// <param name="observer">Receives the result of each operation.</param>
    /// <param name="gelu">The precision of GELU.</param>
    /// <param name="cancellation">Cancels it between two operations.</param>
    /// <param name="sequenceLength">As <see cref="GraphOptions.SequenceLength"/>; by default the number of tokens, as in transformers.</param>
    /// <returns>[T, vocab], or [T, embd].</returns>
    /// <exception cref="RequestException">There is no graph of this name, or it reads other rows.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public Operand Evaluate(
        string name, IModelSource source, int[] tokens, Operand? rows = null, Action<string, Op, Operand>? observer = null,
        GeluPrecision gelu = GeluPrecision.Exact, CancellationToken cancellation = default, int? sequenceLength = null) =>
        Run(Known(name), source, tokens, rows, observer, gelu, cancellation, sequenceLength);

    /// <summary>The graphs that an answer takes: that of the forward pass, after that of an encoder whose rows it reads.</summary>
    internal virtual IReadOnlyList<Graph> BuildPasses() => [BuildGraph()];

    /// <summary>The mask of attentions that state none.</summary>
    internal virtual AttentionMask Mask => AttentionMask.Causal;

    /// <summary>The default sequence length of a graph.</summary>
    private protected virtual int UsualSequenceLength => 0;

    /// <summary>The forward pass as a graph.</summary>
    private protected virtual Tensor BuildMain(GraphScope g, GraphInputs inputs) => BuildForward(g, inputs.Tokens);

    /// <summary>The forward pass.</summary>
    private protected virtual Tensor RunMain(GraphInputs inputs) => Forward(inputs.Tokens);

    /// <summary>Runs a graph eagerly; that of the forward pass has no name.</summary>
    private protected Operand Run(
        string? name, IModelSource source, int[] tokens, Operand? rows, Action<string, Op, Operand>? observer, GeluPrecision gelu,
        CancellationToken cancellation, int? sequenceLength)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(tokens);
        var inputs = new GraphInputs(new EagerEvaluation(source, tokens, rows)
        {
            Observer = observer,
            Gelu = gelu,
            Cancellation = cancellation,
            SequenceLength = sequenceLength ?? tokens.Length,
            Mask = Mask,
        });
        return (name is null ? RunMain(inputs) : RunNamed(name, inputs)).Values!;
    }

    private Graph Build(string? name, GraphOptions? options)
    {
        var length = options?.SequenceLength ?? UsualSequenceLength;
        var evaluation = new GraphEvaluation(name is null ? ArchitectureName : $"{ArchitectureName}.{name}") { SequenceLength = length, Mask = Mask };
        var (scope, inputs) = (new GraphScope("", this, length), new GraphInputs(evaluation));
        return evaluation.Build(name is null ? BuildMain(scope, inputs) : BuildNamed(name, scope, inputs));
    }

    private string Known(string name) => GraphNames.Contains(Guard.NotNull(name), StringComparer.Ordinal) ? name : throw NoGraph(name);

    private RequestException NoGraph(string name) => new($"{ArchitectureName} has no graph '{name}' beside that of its forward pass. "
        + (GraphNames.Count == 0 ? "It has that graph alone." : $"It has {string.Join(", ", GraphNames)}."));
}
