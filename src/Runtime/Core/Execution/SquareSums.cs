using System.Numerics;
using System.Runtime.CompilerServices;

namespace ArchGen.Runtime.Execution;

/// <summary>Selects, while a plan is made, the products whose squared inputs are summed; null for none.</summary>
/// <param name="weights">The names of the weights of products that read the same activations.</param>
/// <param name="rows">1, or the number of experts of a stack, which are summed separately.</param>
/// <param name="columns">Elements of a row that a product reads; of a product per head, those of all heads.</param>
internal delegate SquareSums? ProductWatch(IReadOnlyList<string> weights, int rows, int columns);

/// <summary>Sums of squares of the inputs of products, in double precision, [rows, columns], and the number of summed rows of activations.</summary>
internal sealed class SquareSums(IReadOnlyList<string> weights, int rows, int columns)
{
    public IReadOnlyList<string> Weights { get; } = weights;

    public int Columns { get; } = columns;

    public double[] Sums { get; } = new double[checked(rows * columns)];

    public long[] Counts { get; } = new long[rows];

    /// <summary>Adds the squares of a run of elements. Others may add to other columns at the same time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public unsafe void Add(int row, int column, float* x, int count)
    {
        fixed (double* sums = &Sums[(row * Columns) + column])
        {
            var i = 0;
            for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
            {
                Vector.Widen(Vector.Load(x + i), out var low, out var high);
                double* to = sums + i, next = to + Vector<double>.Count;
                (Vector.Load(to) + (low * low)).Store(to);
                (Vector.Load(next) + (high * high)).Store(next);
            }

            for (; i < count; i++) sums[i] += (double)x[i] * x[i];
        }
    }
}
