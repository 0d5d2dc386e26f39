using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Planning;
using ArchGen.Vulkan.Devices;

namespace ArchGen.Vulkan.Execution;

/// <summary>
/// Sums the squares of what a product reads. The processor does it, in double precision, with what it reads back: measuring importance is not for speed.
/// </summary>
/// <param name="transfers">Reads values.</param>
/// <param name="step">The step.</param>
internal sealed unsafe class SquareSumStep(Transfers transfers, SquareSum step) : DeviceStep
{
    private float[] _x = [];

    public override bool IsOfProcessor => true;

    public override void Record(CommandQueue queue, Frame frame)
    {
        var (x, rows) = (step.X, frame.RowsOf(step.X.Rows));
        Array.Resize(ref _x, Math.Max(_x.Length, rows * x.ElementsPerRow));
        transfers.Read(x, rows, _x);
        step.Sums.Counts[0] += step.PerHead ? rows : (long)rows * x.Heads;
        fixed (float* first = _x)
        {
            for (var i = 0; i < rows * x.Heads; i++)
                step.Sums.Add(0, step.PerHead ? i % x.Heads * x.Width : 0, first + ((long)i * x.Width), x.Width);
        }
    }
}

/// <summary>The same of a product with experts: each expert's sums are its own.</summary>
/// <param name="transfers">Reads values.</param>
/// <param name="step">The step.</param>
internal sealed unsafe class ExpertSquareSumStep(Transfers transfers, ExpertSquareSum step) : DeviceStep
{
    private float[] _x = [];
    private float[] _ids = [];

    public override bool IsOfProcessor => true;

    public override void Record(CommandQueue queue, Frame frame)
    {
        var (x, ids, rows) = (step.X, step.Route.Ids, frame.RowsOf(step.X.Rows));
        Array.Resize(ref _x, Math.Max(_x.Length, rows * x.ElementsPerRow));
        Array.Resize(ref _ids, Math.Max(_ids.Length, rows * ids.ElementsPerRow));
        transfers.Read(x, rows, _x);
        transfers.Read(ids, rows, _ids);
        fixed (float* first = _x)
        {
            for (var use = 0; use < rows * step.Used; use++)
            {
                var expert = BitConverter.SingleToInt32Bits(_ids[use]);
                step.Sums.Counts[expert]++;
                var row = x.Heads > 1 ? use : use / step.Used;
                step.Sums.Add(expert, 0, first + ((long)row * x.Width), x.Width);
            }
        }
    }
}
