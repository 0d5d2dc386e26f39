namespace ArchGen.Eager;

/// <summary>The numbers of one tensor in row-major order, slowest dimension first. Integers (token ids, positions, indices) are stored as floats.</summary>
/// <param name="Values">The elements.</param>
/// <param name="Dims">The dimensions.</param>
public sealed record Operand(float[] Values, int[] Dims)
{
    /// <summary>The fastest dimension: the length of a row.</summary>
    public int Width => Dims[^1];

    /// <summary>The number of rows.</summary>
    public int Rows => Width == 0 ? 0 : Values.Length / Width;

    /// <summary>A new tensor of zeros.</summary>
    public static Operand Zeros(params int[] dims) => new(new float[Guard.NotNull(dims).Aggregate(1, (a, b) => checked(a * b))], dims);
}
