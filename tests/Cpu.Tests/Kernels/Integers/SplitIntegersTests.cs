using ArchGen.Cpu.Kernels.Integers;
using ArchGen.Runtime.Execution;

namespace ArchGen.Cpu.Tests.Kernels.Integers;

/// <summary>Floats as 256 times a signed byte plus another, times a scale.</summary>
public sealed unsafe class SplitIntegersTests
{
    private const int Step = 64, Count = 8 * Step;

    [Avx512Theory]
    [InlineData(1)]
    [InlineData(1e-3f)]
    [InlineData(1e30f)]
    public void They_are_the_numbers_to_a_sixteenth_bit(float size)
    {
        var random = new Random(1);
        var source = Enumerable.Range(0, Count).Select(_ => (random.NextSingle() - 0.5f) * size).ToArray();
        source[7] = size;
        source[8] = -size;

        var (values, scale) = Convert(source);

        for (var i = 0; i < Count; i++) Assert.InRange(Math.Abs(values[i] - (source[i] / (double)scale)), 0, 0.51);
        Assert.Equal(32639f, size / scale, 0.5f);
    }

    [Avx512Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void What_is_no_number_is_seen(float value)
    {
        foreach (var at in (int[])[0, 17, Count - 1])
        {
            var source = new float[Count];
            source[at] = value;
            source[(at + 16) % Count] = 1;
            Assert.False(float.IsFinite(Convert(source).Scale));
        }
    }

    [Avx512Fact]
    public void Zeros_are_zeros()
    {
        var (values, scale) = Convert(new float[Count]);
        Assert.All(values, v => Assert.Equal(0, v));
        Assert.Equal(0, scale);
    }

    private static (int[] Values, float Scale) Convert(float[] source)
    {
        sbyte[] upper = new sbyte[Count], lower = new sbyte[Count];
        fixed (float* s = source)
        fixed (sbyte* u = upper, l = lower)
        {
            var scale = SplitIntegers.Convert(s, Count, u, l, Step);
            return ([.. upper.Zip(lower, (a, b) => (256 * a) + b)], scale);
        }
    }
}
