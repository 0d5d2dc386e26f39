using System.Numerics;
using System.Runtime.CompilerServices;
using ArchGen.Graphs;
using ArchGen.Runtime.Elementwise;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Planning;

namespace ArchGen.Cpu.Steps;

/// <summary>y = f(x). The result may overwrite the operand.</summary>
internal sealed unsafe class UnaryStep<TOperation>(Node node, RowCount rows, TensorView x, TensorView y, TOperation operation)
    : RowStep(node, rows, y.ElementsPerRow)
    where TOperation : struct, IUnary
{
    protected override void Compute(Frame frame, int begin, int end)
    {
        for (var row = begin; row < end; row++)
        {
            for (var head = 0; head < y.Heads; head++) Elementwise.Map(operation, x.Row(row, head), y.Row(row, head), y.Width);
        }
    }
}

/// <summary>y = f(a, b); an operand's dimension of stride 0 is broadcast. The result may overwrite an operand.</summary>
internal sealed unsafe class BinaryStep<TOperation>(Node node, RowCount rows, TensorView a, TensorView b, TensorView y)
    : RowStep(node, rows, y.ElementsPerRow)
    where TOperation : struct, IBinary
{
    protected override void Compute(Frame frame, int begin, int end)
    {
        for (var row = begin; row < end; row++)
        {
            for (var head = 0; head < y.Heads; head++)
                Elementwise.Zip<TOperation>(a.Row(row, head), a.WidthStride, b.Row(row, head), b.WidthStride, y.Row(row, head), y.Width);
        }
    }
}

/// <summary>The loops over a run of elements.</summary>
internal static unsafe class Elementwise
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Map<TOperation>(TOperation operation, float* x, float* y, int count) where TOperation : struct, IUnary
    {
        var i = 0;
        for (; i <= count - Vector<float>.Count; i += Vector<float>.Count) Apply(operation, Vector.Load(x + i)).Store(y + i);
        if (i == count) return;
        var part = stackalloc float[Vector<float>.Count];
        for (var j = i; j < count; j++) part[j - i] = x[j];
        Apply(operation, Vector.Load(part)).Store(part);
        for (var j = i; j < count; j++) y[j] = part[j - i];
    }

    /// <summary>Strides of <paramref name="a"/> and <paramref name="b"/> are 1, or 0 for one element that is broadcast.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Zip<TOperation>(float* a, int aStride, float* b, int bStride, float* y, int count) where TOperation : struct, IBinary
    {
        var i = 0;
        if (aStride == 1 && bStride == 1)
        {
            for (; i <= count - Vector<float>.Count; i += Vector<float>.Count) Apply<TOperation>(Vector.Load(a + i), Vector.Load(b + i)).Store(y + i);
        }
        else if (aStride == 1)
        {
            var right = new Vector<float>(*b);
            for (; i <= count - Vector<float>.Count; i += Vector<float>.Count) Apply<TOperation>(Vector.Load(a + i), right).Store(y + i);
        }
        else if (bStride == 1)
        {
            var left = new Vector<float>(*a);
            for (; i <= count - Vector<float>.Count; i += Vector<float>.Count) Apply<TOperation>(left, Vector.Load(b + i)).Store(y + i);
        }

        for (; i < count; i++) y[i] = Apply<TOperation>(new Vector<float>(a[i * aStride]), new Vector<float>(b[i * bStride]))[0];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Apply<TOperation>(TOperation operation, Vector<float> x) where TOperation : struct, IUnary =>
        operation.Apply(new Lanes(x)).Value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Apply<TOperation>(Vector<float> a, Vector<float> b) where TOperation : struct, IBinary =>
        TOperation.Apply(new Lanes(a), new Lanes(b)).Value;
}
