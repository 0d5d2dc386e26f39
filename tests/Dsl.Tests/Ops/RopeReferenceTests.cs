using ArchGen.Eager;
using static ArchGen.Dsl.Tests.Ops.OpRun;

namespace ArchGen.Dsl.Tests.Ops;

public class RopeReferenceTests
{
    private static Attributes Plain(RopeKind kind, int dims, double scale = 1, double ext = 0, double magnitude = 1) => new(
        (Attr.Kind, (int)kind), (Attr.Dims, dims), (Attr.FreqBase, 10000), (Attr.FreqScale, scale), (Attr.ExtFactor, ext),
        (Attr.AttnFactor, magnitude), (Attr.BetaFast, 32), (Attr.BetaSlow, 1), (Attr.OriginalContext, 4096), (Attr.Truncated, 1));

    [Fact]
    public void Normal_turns_neighbours_and_neox_turns_halves()
    {
        var x = Tensor([1, 1, 4], 1, 0, 0, 1);
        float c0 = MathF.Cos(3), s0 = MathF.Sin(3), c1 = MathF.Cos(0.03f), s1 = MathF.Sin(0.03f);
        // Pair 0 turns by 3, pair 1 by 3 * 10000^(-1/2) = 0.03.
        Close([c0, s0, -s1, c1], At([3], Op.Rope, Plain(RopeKind.Interleaved, 4), x).Values);
        Close([c0, -s1, s0, c1], At([3], Op.Rope, Plain(RopeKind.HalfSplit, 4), x).Values);
    }

    [Fact]
    public void Elements_beyond_the_rotated_ones_stay()
    {
        var x = Random(1, 2, 3, 6);
        var y = At([5, 9], Op.Rope, Plain(RopeKind.HalfSplit, 4), x);
        for (var row = 0; row < 6; row++)
        {
            Assert.NotEqual(x.Values[row * 6], y.Values[row * 6]);
            Assert.Equal(x.Values[((row * 6) + 4)..((row * 6) + 6)], y.Values[((row * 6) + 4)..((row * 6) + 6)]);
        }
    }

    [Theory]
    [InlineData(RopeKind.Interleaved)]
    [InlineData(RopeKind.HalfSplit)]
    public void Lengths_stay_and_scores_depend_on_the_distance_only(RopeKind kind)
    {
        Operand q = Random(2, 1, 1, 8), k = Random(3, 1, 1, 8);
        float[] At(int position, Operand x) => OpRun.At([position], Op.Rope, Plain(kind, 8), x).Values;
        Assert.Equal(Dot(q.Values, q.Values), Dot(At(17, q), At(17, q)), 1e-5f);
        Assert.Equal(Dot(At(12, q), At(5, k)), Dot(At(107, q), At(100, k)), 1e-5f);
        Assert.NotEqual(Dot(At(12, q), At(5, k)), Dot(At(12, q), At(9, k)), 1e-3f);
    }

    [Theory]
    [InlineData(RopeKind.Interleaved)]
    [InlineData(RopeKind.HalfSplit)]
    public void An_inverse_rotation_turns_back(RopeKind kind)
    {
        var x = Random(5, 2, 3, 8);
        var turned = At([12, 700], Op.Rope, Plain(kind, 6, scale: 0.25, ext: 1), x);
        Assert.NotEqual(x.Values[0], turned.Values[0], 1e-3f);
        // YaRN lengthens both times.
        var factor = MathF.Pow(1 + (0.1f * MathF.Log(4)), 2);
        var expected = x.Values.Select((v, i) => i % 8 < 6 ? v * factor : v).ToArray();
        var back = new Attributes([.. Plain(kind, 6, scale: 0.25, ext: 1).Values, (Attr.Inverse, 1)]);
        Close(expected, At([12, 700], Op.Rope, back, turned).Values, 1e-5f);
    }

    [Fact]
    public void Factors_divide_the_angle()
    {
        var x = Tensor([1, 1, 4], 1, 0, 1, 0);
        var y = At([8], Op.Rope, Plain(RopeKind.Interleaved, 4), x, Tensor([2], 2, 0.5f)).Values;
        Close([MathF.Cos(4), MathF.Sin(4), MathF.Cos(0.16f), MathF.Sin(0.16f)], y);
    }

    [Fact]
    public void Freq_scale_stretches_positions_and_attn_factor_lengthens()
    {
        var x = Random(4, 1, 2, 8);
        var half = At([10], Op.Rope, Plain(RopeKind.HalfSplit, 8, scale: 0.5), x).Values;
        Close(At([5], Op.Rope, Plain(RopeKind.HalfSplit, 8), x).Values, half);
        Close(Array.ConvertAll(half, v => v * 1.5f), At([10], Op.Rope, Plain(RopeKind.HalfSplit, 8, scale: 0.5, magnitude: 1.5), x).Values, 1e-5f);
    }

    [Fact]
    public void Yarn_of_scale_one_is_plain()
    {
        var x = Random(5, 3, 2, 64);
        var plain = At([0, 7, 900], Op.Rope, Plain(RopeKind.HalfSplit, 64), x).Values;
        Close(plain, At([0, 7, 900], Op.Rope, Plain(RopeKind.HalfSplit, 64, scale: 1, ext: 1), x).Values);
    }

    [Fact]
    public void Yarn_leaves_fast_pairs_interpolates_slow_ones_and_mixes_between()
    {
        // Of 64 pairs, 4096/(2 pi 32) = 20.37 turns: pair 64 ln(20.37)/ln(10000) = 20.9, down to 20; one turn: 64 ln(651.9)/ln(10000) = 45.03, up to 46.
        var yarn = new RotaryAngles(128, 10000, 0.25, 1, 1, 32, 1, 4096, truncated: true);
        var plain = new RotaryAngles(128, 10000, 1, 0, 1, 32, 1, 4096, truncated: true);
        for (var i = 0; i < 64; i++)
        {
            var kept = i <= 20 ? 1 : i >= 46 ? 0 : (46 - i) / 26.0;
            Assert.Equal(plain.Of(100, i, 1) * (kept + ((1 - kept) * 0.25)), yarn.Of(100, i, 1), 1e-12);
        }

        Assert.Equal(1 + (0.1 * Math.Log(4)), yarn.Magnitude, 1e-12);
        Assert.Equal(1, plain.Magnitude);
    }

    [Fact]
    public void Yarns_ramp_may_begin_and_end_between_pairs()
    {
        // As above, the ends not rounded to whole pairs.
        double low = 64 * Math.Log(4096 / (64 * Math.PI)) / Math.Log(10000), high = 64 * Math.Log(4096 / (2 * Math.PI)) / Math.Log(10000);
        var yarn = new RotaryAngles(128, 10000, 0.25, 1, 1, 32, 1, 4096, truncated: false);
        var plain = new RotaryAngles(128, 10000, 1, 0, 1, 32, 1, 4096, truncated: false);
        for (var i = 0; i < 64; i++)
        {
            var kept = Math.Clamp((high - i) / (high - low), 0, 1);
            Assert.Equal(plain.Of(100, i, 1) * (kept + ((1 - kept) * 0.25)), yarn.Of(100, i, 1), 1e-12);
        }
    }

    private static float Dot(float[] a, float[] b) => a.Zip(b, (x, y) => x * y).Sum();
}
