namespace ArchGen.Eager;

/// <summary>
/// GELU as in ggml: the tanh form, also for models with the error function, of x rounded to half precision, with the result rounded to half precision;
/// 0 up to -10, and x from 10 on.
/// </summary>
internal static class GeluTable
{
    private static readonly float[] Values = [.. Enumerable.Range(0, 1 << 16).Select(bits => Entry((float)BitConverter.UInt16BitsToHalf((ushort)bits)))];

    /// <summary>The table's value for x.</summary>
    public static float Of(float x) => x switch
    {
        <= -10 => 0,
        >= 10 => x,
        _ => Values[BitConverter.HalfToUInt16Bits((Half)x)],
    };

    /// <summary>The operation that replaces another at a precision.</summary>
    public static Op Of(Op op, GeluPrecision precision) => precision == GeluPrecision.F16Table && op is (Op.Gelu or Op.GeluTanh) ? Op.GeluTable : op;

    // In single precision throughout: 1 + tanh cancels for negative x, and the table has that error.
    private static float Entry(float x) => (float)(Half)(0.5f * x * (1 + MathF.Tanh(0.79788456080286535588f * x * (1 + (0.044715f * x * x)))));
}
