using ArchGen.Cpu.Threading;
using ArchGen.Graphs;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Planning;

namespace ArchGen.Cpu.Steps;

/// <summary>Sums the squares of what a product is about to read, over all rows; the heads of a row are rows too, unless each has its own weights.</summary>
/// <param name="node">The product.</param>
/// <param name="rows">The rows of x.</param>
/// <param name="x">The activations [rows, heads, in].</param>
/// <param name="perHead">Whether each head has its own weights and so its own columns.</param>
/// <param name="sums">The destination of the sums.</param>
internal sealed unsafe class SquareSumStep(Node node, RowCount rows, TensorView x, bool perHead, SquareSums sums) : Step(node)
{
    // Columns that one thread sums over all rows: their sums stay in its first-level cache.
    private const int Tile = 256;

    private readonly int _tiles = (x.Width + Tile - 1) / Tile;

    public override void Run(Frame frame, WorkerPool pool)
    {
        var count = frame.RowsOf(rows);
        sums.Counts[0] += perHead ? count : (long)count * x.Heads;
        pool.Run(new Job(this, count), perHead ? x.Heads * _tiles : _tiles, 1);
    }

    private void Add(int range, int count)
    {
        var (only, column) = (range / _tiles, range % _tiles * Tile);
        var width = Math.Min(Tile, x.Width - column);
        var (first, end) = perHead ? (only, only + 1) : (0, x.Heads);
        for (var row = 0; row < count; row++)
        {
            for (var head = first; head < end; head++) sums.Add(0, (perHead ? head * x.Width : 0) + column, x.Row(row, head) + column, width);
        }
    }

    private readonly struct Job(SquareSumStep step, int count) : IParallelJob
    {
        public void Execute(int begin, int end)
        {
            for (var range = begin; range < end; range++) step.Add(range, count);
        }
    }
}

/// <summary>Sums the squares of what a product with experts is about to read, expert by expert.</summary>
/// <param name="node">The product.</param>
/// <param name="routing">The assignment of tokens to experts.</param>
/// <param name="used">Experts per token.</param>
/// <param name="x">The activations [rows, used, in] or [rows, 1, in].</param>
/// <param name="sums">The destination of the sums, a row per expert.</param>
internal sealed unsafe class ExpertSquareSumStep(Node node, ExpertRouting routing, int used, TensorView x, SquareSums sums) : Step(node)
{
    public override void Run(Frame frame, WorkerPool pool) => pool.Run(new Job(this), routing.ActiveCount, 1);

    private void Add(int expert)
    {
        var (begin, count) = (routing.Begin(expert), routing.Count(expert));
        sums.Counts[expert] += count;
        for (var place = begin; place < begin + count; place++)
        {
            var use = routing.Use(place);
            sums.Add(expert, 0, x.Row(use / used, x.Heads > 1 ? use % used : 0), x.Width);
        }
    }

    private readonly struct Job(ExpertSquareSumStep step) : IParallelJob
    {
        public void Execute(int begin, int end)
        {
            for (var i = begin; i < end; i++) step.Add(step.Expert(i));
        }
    }

    private int Expert(int i) => routing.Active(i);
}
