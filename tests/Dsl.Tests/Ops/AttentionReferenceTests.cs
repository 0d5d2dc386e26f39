using ArchGen.Eager;
using static ArchGen.Dsl.Tests.Ops.OpRun;

namespace ArchGen.Dsl.Tests.Ops;

public class AttentionReferenceTests
{
    private static Attributes Numbers(
        AttentionMask mask = AttentionMask.Causal, double factor = 1, int window = 0, double softcap = 0, double alibi = 0, int maxDistance = 0) => new(
        (Attr.Factor, factor), (Attr.Mask, (int)mask), (Attr.Window, window), (Attr.Softcap, softcap), (Attr.AlibiMaxBias, alibi),
        (Attr.BucketsMaxDistance, maxDistance), (Attr.Layer, 0));

    /// <summary>Each token's value is a power of ten, its score 0: the output names the visible keys.</summary>
    private static string[] Visible(int tokens, Attributes numbers, int[]? positions = null)
    {
        Operand zero = Tensor([tokens, 1, 1], new float[tokens]), places = Tensor([tokens, 1, tokens], new float[tokens * tokens]);
        for (var t = 0; t < tokens; t++) places.Values[(t * tokens) + t] = 1;
        var y = At(positions, Op.Attention, numbers, zero, zero, places);
        return [.. y.Values.Chunk(tokens).Select(row => string.Concat(row.Select(share => share > 0 ? 'x' : '.')))];
    }

    /// <summary>ln(1 + floor((p + offset) / 4)): of 3 positions only the offset brings the last into the next step.</summary>
    [Theory]
    [InlineData(0, 1, 1, 1.34657359)]
    [InlineData(1, 1, 1.34657359, 1.34657359)]
    public void Temperature_grows_in_steps(int offset, double first, double second, double third)
    {
        var numbers = new Attributes((Attr.Factor, 0.5), (Attr.Length, 4), (Attr.Offset, offset));
        Close([(float)first, (float)second, (float)third], At([0, 3, 4], Op.Temperature, numbers, Tensor([3, 1, 1], 1, 1, 1)).Values);
    }

    [Fact]
    public void One_token_gets_its_value()
    {
        var v = Random(3, 1, 2, 3);
        Close(v.Values, Of(Op.Attention, Numbers(factor: 0.3), Random(1, 1, 2, 4), Random(2, 1, 2, 4), v).Values);
    }

    [Fact]
    public void Scores_are_scaled_products()
    {
        // Scores of the second token: 2 * 3 * 0.5 = 3 and 2 * 1 * 0.5 = 1.
        var y = Of(Op.Attention, Numbers(factor: 0.5), Tensor([2, 1, 1], 9, 2), Tensor([2, 1, 1], 3, 1), Tensor([2, 1, 1], 1, 0));
        Close([1, 1 / (1 + MathF.Exp(-2))], y.Values);
    }

    [Fact]
    public void Causal_mask_and_window()
    {
        Assert.Equal(["x...", "xx..", "xxx.", "xxxx"], Visible(4, Numbers()));
        Assert.Equal(["x...", "xx..", ".xx.", "..xx"], Visible(4, Numbers(window: 2)));
        Assert.Equal(["x...", ".x..", ".xx.", "...x"], Visible(4, Numbers(window: 2), [0, 5, 6, 9]));
    }

    [Fact]
    public void Bidirectional_mask_and_window()
    {
        var mask = AttentionMask.Bidirectional;
        Assert.Equal(["xxxx", "xxxx", "xxxx", "xxxx"], Visible(4, Numbers(mask)));
        Assert.Equal(["xx..", "xxx.", ".xxx", "..xx"], Visible(4, Numbers(mask, window: 2)));
        Assert.Equal(["xx..", "xxx.", ".xxx", "..xx"], Visible(4, Numbers(mask, window: 3)));
        Assert.Equal(["xxx.", "xxxx", "xxxx", ".xxx"], Visible(4, Numbers(mask, window: 4)));
    }

    [Fact]
    public void Neighbouring_query_heads_share_a_head_of_keys_and_values()
    {
        Operand q = Random(1, 3, 4, 2), k = Random(2, 3, 2, 2), v = Random(3, 3, 2, 2);
        Operand Repeat(Operand x) => new([.. x.Values.Chunk(2).SelectMany(head => head.Concat(head))], [3, 4, 2]);
        Close(Of(Op.Attention, Numbers(), q, Repeat(k), Repeat(v)).Values, Of(Op.Attention, Numbers(), q, k, v).Values);
    }

    [Fact]
    public void Softcap_bounds_the_score()
    {
        var y = Of(Op.Attention, Numbers(softcap: 2), Tensor([2, 1, 1], 0, 1), Tensor([2, 1, 1], 3, 0), Tensor([2, 1, 1], 1, 0));
        Close([1 / (1 + MathF.Exp(-2 * MathF.Tanh(1.5f)))], y.Values[1..]);
    }

    [Fact]
    public void A_sink_takes_a_share_and_gives_nothing()
    {
        var y = Of(Op.Attention, Numbers(), Tensor([1, 2, 1], 0, 0), Tensor([1, 2, 1], 0, 0), Tensor([1, 2, 1], 1, 1), null, Tensor([2], MathF.Log(3), -100));
        Close([0.25f, 1], y.Values);
    }

    [Fact]
    public void Alibi_lowers_the_score_with_distance()
    {
        // Two heads, maxBias 8: slopes 2^-4 and 2^-8. The second token sees itself and a key 3 before it.
        Operand zero = Tensor([2, 2, 1], 0, 0, 0, 0), first = Tensor([2, 2, 1], 1, 1, 0, 0);
        var y = At([0, 3], Op.Attention, Numbers(alibi: 8), zero, zero, first).Values;
        Close([1 / (1 + MathF.Exp(3 / 16f)), 1 / (1 + MathF.Exp(3 / 256f))], y[2..]);
    }

    [Fact]
    public void Alibi_slopes_of_a_head_count_that_is_no_power_of_two_fill_the_gaps()
    {
        Assert.Equal([0.5, 0.25, 0.125], Enumerable.Range(0, 3).Select(h => RelativePosition.AlibiSlope(h, 8, 8)));
        // 4 slopes for 4 heads, 2^-2, 2^-4, .., then every other of those for 8 heads: 2^-1, 2^-3.
        double[] expected = [Math.Pow(2, -2), Math.Pow(2, -4), Math.Pow(2, -6), Math.Pow(2, -8), Math.Pow(2, -1), Math.Pow(2, -3)];
        Assert.Equal(expected, Enumerable.Range(0, 6).Select(h => RelativePosition.AlibiSlope(h, 6, 8)));
    }

    [Fact]
    public void The_bias_of_the_bucket_is_added()
    {
        // 4 buckets one way: distances 0 and 1 have their own; two heads.
        Operand zero = Tensor([2, 2, 1], 0, 0, 0, 0), first = Tensor([2, 2, 1], 1, 1, 0, 0), bias = Tensor([4, 2], 0, 1, 3, 5, 9, 9, 9, 9);
        var y = Of(Op.Attention, Numbers(maxDistance: 128), zero, zero, first, bias).Values;
        Close([1 / (1 + MathF.Exp(-3)), 1 / (1 + MathF.Exp(-4))], y[2..]);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-4, 0)]
    [InlineData(15, 15)]
    [InlineData(16, 16)]
    [InlineData(18, 16)]
    [InlineData(19, 17)]
    [InlineData(32, 21)]
    [InlineData(64, 26)]
    [InlineData(127, 31)]
    [InlineData(5000, 31)]
    public void Causal_buckets(int distance, int bucket) => Assert.Equal(bucket, RelativePosition.Bucket(distance, 0, 32, 128, bidirectional: false));

    [Theory]
    [InlineData(7, 7)]
    [InlineData(8, 8)]
    [InlineData(15, 9)]
    [InlineData(16, 10)]
    [InlineData(32, 12)]
    [InlineData(64, 14)]
    [InlineData(1000, 15)]
    [InlineData(-1, 17)]
    [InlineData(-16, 26)]
    [InlineData(-1000, 31)]
    public void Bidirectional_buckets(int distance, int bucket) => Assert.Equal(bucket, RelativePosition.Bucket(0, -distance, 32, 128, bidirectional: true));

    [Fact]
    public void Cross_attention_sees_all_keys_and_has_its_own_number_of_them()
    {
        Operand q = Tensor([1, 1, 1], 1), k = Tensor([3, 1, 1], 0, MathF.Log(2), MathF.Log(5)), v = Tensor([3, 1, 2], 8, 0, 0, 8, 16, 16);
        Close([11, 12], Of(Op.CrossAttention, new((Attr.Factor, 1)), q, k, v).Values, 1e-5f);
    }
}
