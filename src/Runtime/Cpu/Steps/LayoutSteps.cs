using System.Runtime.CompilerServices;
using ArchGen.Graphs;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Planning;

namespace ArchGen.Cpu.Steps;

/// <summary>Copies a value whose layout its users cannot read.</summary>
internal sealed unsafe class CopyStep(Node node, RowCount rows, TensorView x, TensorView y) : RowStep(node, rows, y.ElementsPerRow)
{
    public override string Kind => "copy";

    protected override void Compute(Frame frame, int begin, int end)
    {
        for (var row = begin; row < end; row++)
        {
            for (var head = 0; head < x.Heads; head++)
                Unsafe.CopyBlockUnaligned(y.Row(row, head), x.Row(row, head), (uint)x.Width * sizeof(float));
        }
    }
}

/// <summary>Joins two values along the last dimension.</summary>
internal sealed unsafe class ConcatStep(Node node, RowCount rows, TensorView a, TensorView b, TensorView y) : RowStep(node, rows, y.ElementsPerRow)
{
    protected override void Compute(Frame frame, int begin, int end)
    {
        for (var row = begin; row < end; row++)
        {
            for (var head = 0; head < y.Heads; head++)
            {
                var target = y.Row(row, head);
                Unsafe.CopyBlockUnaligned(target, a.Row(row, head), (uint)a.Width * sizeof(float));
                Unsafe.CopyBlockUnaligned(target + a.Width, b.Row(row, head), (uint)b.Width * sizeof(float));
            }
        }
    }
}

/// <summary>Keeps the rows whose outputs are requested.</summary>
internal sealed unsafe class SelectOutputsStep(Node node, TensorView x, TensorView y)
    : RowStep(node, new RowCount(RowDomain.Outputs, 0), y.ElementsPerRow)
{
    protected override void Compute(Frame frame, int begin, int end)
    {
        for (var row = begin; row < end; row++)
        {
            for (var head = 0; head < x.Heads; head++)
                Unsafe.CopyBlockUnaligned(y.Row(row, head), x.Row(frame.OutputRows[row], head), (uint)x.Width * sizeof(float));
        }
    }
}
