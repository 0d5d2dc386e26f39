using ArchGen.Cpu.Kernels.Integers;

namespace ArchGen.Cpu.Tests.Kernels.Integers;

/// <summary>A token's activations in half precision, times a power of two.</summary>
public sealed unsafe class HalfActivationsTests
{
    private const int Count = 512;

    [Avx512Theory]
    [InlineData(1)]
    [InlineData(1e-20f)]
    [InlineData(1e20f)]
    public void They_are_the_numbers_to_half_precision(float size)
    {
        var random = new Random(1);
        var source = Enumerable.Range(0, Count).Select(i => (random.NextSingle() - 0.5f) * size * MathF.ScaleB(1, -(i % 30))).ToArray();
        source[3] = -size;

        var (halves, factor) = Convert(source);

        for (var i = 0; i < Count; i++)
        {
            var scaled = source[i] / factor;
            Assert.Equal(MathF.Abs(scaled) < MathF.ScaleB(1, -14) ? 0 : (float)(Half)scaled, halves[i]);
        }

        Assert.InRange(MathF.Abs(halves[3]), 16384, 32768);
    }

    [Avx512Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void What_is_no_number_is_seen(float value)
    {
        foreach (var at in (int[])[0, 17, Count - 1])
        {
            var source = new float[Count];
            source[at] = value;
            Assert.True(float.IsNaN(Convert(source).Factor));
        }
    }

    [Avx512Fact]
    public void Zeros_are_zeros()
    {
        var (halves, factor) = Convert(new float[Count]);
        Assert.All(halves, h => Assert.Equal(0, h));
        Assert.Equal(1, factor);
    }

    private static (float[] Halves, float Factor) Convert(float[] source)
    {
        using var x = new NativeBuffer<float>(source);
        using var prepared = new NativeBuffer<byte>(HalfActivations.Stride(Count));
        HalfActivations.Fill(x.Pointer, Count, prepared.Pointer);
        return ([.. new Span<Half>(prepared.Pointer, Count).ToArray().Select(h => (float)h)], HalfActivations.FactorOf(prepared.Pointer, Count));
    }
}
