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

    /// <summary>What a profile calls the step: its operation, of products the type of their weights, too.</summary>
    public virtual string Kind => OpTable.Of(Node.Op).Word;

    /// <summary>What its rows stand for.</summary>
    public RowDomain Domain { get; set; }

    /// <summary>What its nodes compute and read.</summary>
    public OpWork Work { get; set; }

    public abstract void Run(Frame frame, WorkerPool pool);

    /// <summary>What the work of the step depends on, as it was run last.</summary>
    public virtual WorkCounts Counts(Frame frame) => new(frame.RowsOf(new RowCount(Domain, 1)), frame.SpanCount);

    public override string ToString() => $"{GetType().Name}: {Node.Name}";
}

/// <summary>A step that computes each row separately.</summary>
internal abstract class RowStep(Node node, RowCount rows, long workPerRow) : Step(node)
{
    // Elements that are worth handing to another thread.
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
