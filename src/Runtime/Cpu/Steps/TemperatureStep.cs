using ArchGen.Graphs;
using ArchGen.Runtime.Elementwise;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Planning;

namespace ArchGen.Cpu.Steps;

/// <summary>Multiplies queries by a factor of their positions. The result may overwrite the operand.</summary>
internal sealed unsafe class TemperatureStep(Node node, TensorView x, TensorView y, PositionTemperature temperature)
    : RowStep(node, new RowCount(RowDomain.Tokens, 0), y.ElementsPerRow)
{
    protected override void Compute(Frame frame, int begin, int end)
    {
        for (var row = begin; row < end; row++)
        {
            var scale = new Scale(temperature.At(frame.Positions[row]));
            for (var head = 0; head < y.Heads; head++) Elementwise.Map(scale, x.Row(row, head), y.Row(row, head), y.Width);
        }
    }
}
