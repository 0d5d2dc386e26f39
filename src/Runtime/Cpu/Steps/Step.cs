using ArchGen.Cpu.Kernels;
using ArchGen.Cpu.Threading;
using ArchGen.Graphs;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Planning;

namespace ArchGen.Cpu.Steps;

/// <summary>One instruction of a plan: the kernel of a node, its operands resolved to memory.</summary>
internal abstract class Step(Node node) : IProfiledStep
{
    /// <summary>The node whose value the step computes; of several, the last.</summary>
    public Node Node { get; } = node;

    /// <summary>The name of the step in a profile: its operation, for products with the type of their weights.</summary>
    public virtual string Kind => OpTable.Of(Node.Op).Word;

    /// <summary>The row domain.</summary>
    public RowDomain Domain { get; set; }

    /// <summary>The work of its nodes: operations and bytes.</summary>
    public OpWork Work { get; set; }

    public abstract void Run(Frame frame, WorkerPool pool);

    /// <summary>The counts that the work of the step depends on, of its last run.</summary>
    public virtual WorkCounts Counts(Frame frame) => new(frame.RowsOf(new RowCount(Domain, 1)), frame.SpanCount);

    /// <summary>The method of matrix products in a micro-batch.</summary>
    protected ProductMethod MethodOf(Frame frame) => (frame.Phase, Domain) switch
    {
        (TokenPhase.Prefill, RowDomain.Tokens) => ProductMethod.Tiles,
        (TokenPhase.Prefill or TokenPhase.Decode, RowDomain.Tokens or RowDomain.Outputs) => ProductMethod.Rows,
        _ => ProductMethod.ByCount,
    };

    public override string ToString() => $"{GetType().Name}: {Node.Name}";
}

/// <summary>A step that computes each row separately.</summary>
internal abstract class RowStep(Node node, RowCount rows, long workPerRow) : Step(node)
{
    // The minimum of elements per thread.
    private const long WorkPerRange = 16 * 1024;

    private readonly int _grain = (int)Math.Clamp(WorkPerRange / Math.Max(1, workPerRow), 1, 1 << 20);

    public sealed override void Run(Frame frame, WorkerPool pool) =>
        pool.Run(new Job(this, frame), frame.RowsOf(rows), _grain);

    /// <summary>Computes the rows from <paramref name="begin"/> up to <paramref name="end"/>.</summary>
    protected abstract void Compute(Frame frame, int begin, int end);

    private readonly struct Job(RowStep step, Frame frame) : IParallelJob
    {
        public void Execute(int begin, int end) => step.Compute(frame, begin, end);
    }
}
