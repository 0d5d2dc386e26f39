using ArchGen.Cpu.Threading;
using ArchGen.Graphs;
using ArchGen.Runtime.Planning;

namespace ArchGen.Runtime.Execution;

/// <summary>Sees the values of a node after it is computed.</summary>
/// <param name="node">The node.</param>
/// <param name="values">Its elements in row-major order; integers stand as floats. Valid during the call.</param>
/// <param name="rows">The number of rows, the first dimension.</param>
public delegate void NodeObserver(Node node, ReadOnlySpan<float> values, int rows);

/// <summary>Shows a value to the observer.</summary>
internal sealed unsafe class ObserveStep(Node node, RowCount rows, TensorView x, NodeObserver observer) : Step(node)
{
    private float[] _values = [];

    public override string Kind => "observe";

    public override void Run(Frame frame, WorkerPool pool)
    {
        var count = frame.RowsOf(rows);
        if (_values.Length < count * x.ElementsPerRow) _values = new float[count * x.ElementsPerRow];
        var i = 0;
        for (var row = 0; row < count; row++)
        {
            for (var head = 0; head < x.Heads; head++)
            {
                for (var j = 0; j < x.Width; j++) _values[i++] = Node.IsInteger ? ((int*)x.Row(row, head))[j] : x.Row(row, head)[j];
            }
        }

        observer(Node, _values.AsSpan(0, i), count);
    }
}
