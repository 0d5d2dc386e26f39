using System.Numerics;
using ArchGen.Cpu.Steps;
using ArchGen.Runtime.Elementwise;

namespace ArchGen.Cpu.Tests.Steps;

public sealed class VectorMathTests
{
    [Fact]
    public void Exp_is_exact_to_a_millionth_over_its_whole_range()
    {
        for (var x = -87.3f; x < 88.7f; x += 0.00371f)
            Assert.InRange(Exp(x) / Math.Exp(x), 1 - 3e-7, 1 + 3e-7);
        Assert.Equal(0, Exp(-200));
        Assert.Equal(0, Exp(float.NegativeInfinity));
        Assert.Equal(1, Exp(0));
        Assert.Equal(float.PositiveInfinity, Exp(100));
        Assert.True(float.IsNaN(Exp(float.NaN)));
    }

    [Fact]
    public void Tanh_softplus_and_erf_are_exact_to_a_millionth()
    {
        for (var x = -9f; x < 9f; x += 0.00177f)
        {
            Lanes v = x;
            Close(Math.Tanh(x), Functions.Tanh(v).Value[0]);
            Close(Math.Exp(x) < 1e-4 ? Math.Exp(x) - (Math.Exp(2 * x) / 2) : Math.Log(1 + Math.Exp(x)), Functions.Softplus(v).Value[0]);
            Close(Erf(x), Functions.Erf(v).Value[0]);
        }

        static void Close(double expected, float actual) => Assert.True(Math.Abs(expected - actual) <= 1e-6 * Math.Abs(expected), $"{expected} {actual}");
    }

    private static float Exp(float x) => VectorMath.Exp(new Vector<float>(x))[0];

    // The Maclaurin series; in double it holds to |x| about 4, and beyond that erf rounds to 1 as a float.
    private static double Erf(double x)
    {
        if (Math.Abs(x) > 4) return Math.Sign(x);
        double term = x, sum = x;
        for (var n = 1; n < 80; n++)
        {
            term *= -x * x / n;
            sum += term / ((2 * n) + 1);
        }

        return sum * 2 / Math.Sqrt(Math.PI);
    }
}
