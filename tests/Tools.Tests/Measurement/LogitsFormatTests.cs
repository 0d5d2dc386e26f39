using ArchGen.Tools.Measurement;

namespace ArchGen.Tools.Tests.Measurement;

/// <summary>Log-probabilities, and how they are stored in 16 bit.</summary>
public sealed class LogitsFormatTests
{
    [Theory]
    [InlineData(1, 1f)]
    [InlineData(7, 3f)]
    [InlineData(64, 3f)]
    [InlineData(1001, 20f)]
    public void Log_softmax_is_by_definition(int count, float scale)
    {
        var logits = Logits(count, scale, seed: count);
        var expected = Math.Log(logits.Sum(x => Math.Exp(x)));
        var softmax = LogSoftmax.Of(logits);
        Assert.Equal(logits.Max(), softmax.Max);
        foreach (var logit in logits) Assert.Equal(expected - logit, softmax.NegativeLog(logit), 1e-6 * (1 + Math.Abs(expected - logit)));
    }

    [Fact]
    public void Log_softmax_of_large_and_infinite_logits()
    {
        Assert.Equal(Math.Log(2), LogSoftmax.Of([3e38f, 3e38f]).NegativeLog(3e38f), 1e-6);
        Assert.Equal(0, LogSoftmax.Of([5, float.NegativeInfinity, -100]).NegativeLog(5), 1e-6);
        Assert.False(double.IsFinite(LogSoftmax.Of([1, float.NaN, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17]).NegativeLog(1)));
        Assert.False(double.IsFinite(LogSoftmax.Of([1, 2, float.NaN]).NegativeLog(1)));
    }

    [Theory]
    [InlineData(5, 1f)]
    [InlineData(64, 3f)]
    [InlineData(1001, 9f)]
    public void A_row_holds_the_log_probabilities_to_half_a_step(int count, float scale)
    {
        var logits = Logits(count, scale, seed: count);
        var softmax = LogSoftmax.Of(logits);
        var row = new ushort[LogitsFormat.RowLength(count)];
        Array.Fill(row, (ushort)0xABCD);
        LogitsFormat.Encode(logits, softmax, row);
        Assert.Equal(0, row.Length % 2);
        var (step, lowest) = LogitsFormat.Scale(row);
        Assert.InRange(step, 0, 16f / 65535 * 1.0001f);
        var steps = LogitsFormat.Steps(row, count);
        for (var i = 0; i < count; i++)
        {
            var expected = Math.Max(-softmax.NegativeLog(logits[i]), lowest);
            Assert.Equal(expected, (steps[i] * step) + lowest, (step / 2) + 1e-5);
        }

        if (count % 2 == 1) Assert.Equal(0, row[^1]);
    }

    [Fact]
    public void Equal_logits_are_all_the_lowest()
    {
        var row = new ushort[LogitsFormat.RowLength(4)];
        LogitsFormat.Encode([2, 2, 2, 2], LogSoftmax.Of([2, 2, 2, 2]), row);
        Assert.Equal((0, (float)-Math.Log(4)), LogitsFormat.Scale(row));
        Assert.Equal([0, 0, 0, 0], LogitsFormat.Steps(row, 4).ToArray());
    }

    [Fact]
    public void Quantiles_lie_between_their_neighbours()
    {
        var distribution = new Distribution([4, 1, 3, 2]);
        Assert.Equal([1, 1.75f, 2.5f, 4], ((double[])[0, .25, .5, 1]).Select(distribution.Quantile));
    }

    [Fact]
    public void The_error_of_a_mean()
    {
        var mean = default(RunningMean);
        foreach (var value in (double[])[1, 2, 3, 6]) mean.Add(value);
        // Variance 3.5 of four values.
        Assert.Equal((3, Math.Sqrt(3.5 / 3)), (mean.Estimate.Value, mean.Estimate.Error));
        Assert.Equal((9, 1), (new Estimate(81, 18).Sqrt().Value, new Estimate(81, 18).Sqrt().Error));
    }

    private static float[] Logits(int count, float scale, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => scale * (float)(random.NextDouble() + random.NextDouble() - 1))];
    }
}
