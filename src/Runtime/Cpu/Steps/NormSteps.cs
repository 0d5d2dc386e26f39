using System.Numerics;
using ArchGen.Graphs;
using ArchGen.Runtime.Elementwise;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Planning;

namespace ArchGen.Cpu.Steps;

/// <summary>y = x / sqrt(mean(x^2) + epsilon) * weight over each head (arXiv:1910.07467). The result may overwrite the operand.</summary>
internal sealed unsafe class RmsNormStep(Node node, RowCount rows, TensorView x, TensorView? weight, TensorView y, float epsilon)
    : RowStep(node, rows, y.ElementsPerRow)
{
    protected override void Compute(Frame frame, int begin, int end)
    {
        for (var row = begin; row < end; row++)
        {
            for (var head = 0; head < y.Heads; head++)
            {
                float* source = x.Row(row, head), target = y.Row(row, head);
                var scale = 1 / MathF.Sqrt((Reductions.SumOfSquares(source, y.Width) / y.Width) + epsilon);
                Elementwise.Map(new Scale(scale), source, target, y.Width);
                if (weight is { } w) Elementwise.Zip<Multiply>(target, 1, w.Row(row, head), w.WidthStride, target, y.Width);
            }
        }
    }
}

/// <summary>y = (x - mean) / sqrt(variance + epsilon) * weight + bias over each head (arXiv:1607.06450). The result may overwrite the operand.</summary>
internal sealed unsafe class LayerNormStep(Node node, RowCount rows, TensorView x, TensorView? weight, TensorView? bias, TensorView y, float epsilon)
    : RowStep(node, rows, y.ElementsPerRow)
{
    protected override void Compute(Frame frame, int begin, int end)
    {
        for (var row = begin; row < end; row++)
        {
            for (var head = 0; head < y.Heads; head++)
            {
                float* source = x.Row(row, head), target = y.Row(row, head);
                var mean = Reductions.Sum(source, y.Width) / y.Width;
                Elementwise.Zip<Subtract>(source, 1, &mean, 0, target, y.Width);
                var scale = 1 / MathF.Sqrt((Reductions.SumOfSquares(target, y.Width) / y.Width) + epsilon);
                Elementwise.Map(new Scale(scale), target, target, y.Width);
                if (weight is { } w) Elementwise.Zip<Multiply>(target, 1, w.Row(row, head), w.WidthStride, target, y.Width);
                if (bias is { } b) Elementwise.Zip<Add>(target, 1, b.Row(row, head), b.WidthStride, target, y.Width);
            }
        }
    }
}

/// <summary>y = x / max(|x|, epsilon) over each head. The result may overwrite the operand.</summary>
internal sealed unsafe class L2NormStep(Node node, RowCount rows, TensorView x, TensorView y, float epsilon) : RowStep(node, rows, y.ElementsPerRow)
{
    protected override void Compute(Frame frame, int begin, int end)
    {
        for (var row = begin; row < end; row++)
        {
            for (var head = 0; head < y.Heads; head++)
            {
                var source = x.Row(row, head);
                var scale = 1 / MathF.Max(MathF.Sqrt(Reductions.SumOfSquares(source, y.Width)), epsilon);
                Elementwise.Map(new Scale(scale), source, y.Row(row, head), y.Width);
            }
        }
    }
}

/// <summary>Sums and maxima of a run of elements.</summary>
internal static unsafe class Reductions
{
    public static float Sum(float* x, int count)
    {
        var i = 0;
        Vector<float> a = default, b = default;
        for (; i <= count - (2 * Vector<float>.Count); i += 2 * Vector<float>.Count)
        {
            a += Vector.Load(x + i);
            b += Vector.Load(x + i + Vector<float>.Count);
        }

        var sum = Vector.Sum(a + b);
        for (; i < count; i++) sum += x[i];
        return sum;
    }

    public static float SumOfSquares(float* x, int count) => Dot(x, x, count);

    public static float Dot(float* x, float* y, int count)
    {
        var i = 0;
        Vector<float> a = default, b = default;
        for (; i <= count - (2 * Vector<float>.Count); i += 2 * Vector<float>.Count)
        {
            a = Vector.MultiplyAddEstimate(Vector.Load(x + i), Vector.Load(y + i), a);
            b = Vector.MultiplyAddEstimate(Vector.Load(x + i + Vector<float>.Count), Vector.Load(y + i + Vector<float>.Count), b);
        }

        var sum = Vector.Sum(a + b);
        for (; i < count; i++) sum += x[i] * y[i];
        return sum;
    }

    public static float Max(float* x, int count)
    {
        var max = float.NegativeInfinity;
        var i = 0;
        if (count >= Vector<float>.Count)
        {
            var lanes = Vector.Load(x);
            for (i = Vector<float>.Count; i <= count - Vector<float>.Count; i += Vector<float>.Count) lanes = Vector.Max(lanes, Vector.Load(x + i));
            for (var lane = 0; lane < Vector<float>.Count; lane++) max = MathF.Max(max, lanes[lane]);
        }

        for (; i < count; i++) max = MathF.Max(max, x[i]);
        return max;
    }

    /// <summary>y = exp(x - max); returns the sum of y.</summary>
    public static float ExpSum(float* x, float* y, int count, float max)
    {
        var i = 0;
        var offset = new Vector<float>(max);
        Vector<float> sums = default;
        for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
        {
            var e = VectorMath.Exp(Vector.Load(x + i) - offset);
            e.Store(y + i);
            sums += e;
        }

        var sum = Vector.Sum(sums);
        for (; i < count; i++) sum += y[i] = VectorMath.Exp(new Vector<float>(x[i] - max))[0];
        return sum;
    }

    /// <summary>y += factor * x.</summary>
    public static void AddScaled(float* y, float factor, float* x, int count)
    {
        var i = 0;
        var f = new Vector<float>(factor);
        for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
            Vector.MultiplyAddEstimate(f, Vector.Load(x + i), Vector.Load(y + i)).Store(y + i);
        for (; i < count; i++) y[i] += factor * x[i];
    }
}
