using ArchGen.Formats;
using ArchGen.Gguf;

namespace ArchGen.Tools.Recipes;

/// <summary>The rule that gives the weights of a tensor (<see cref="RandomWeights"/>), found from the weights themselves.</summary>
/// <param name="Kind">Its name.</param>
/// <param name="Mean">The mean.</param>
/// <param name="Deviation">The standard deviation.</param>
internal sealed record WeightRule(string Kind, double Mean, double Deviation)
{
    private const int MaxDigits = 15, MaxDigitsOfMean = 7;

    /// <summary>The rule that gives each of these weights to the last bit, with the fewest digits; null if there is none.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <param name="seed">The recipe's seed.</param>
    /// <param name="type">F32 or F16.</param>
    /// <param name="values">The weights.</param>
    public static WeightRule? Find(string name, ulong seed, TensorType type, float[] values)
    {
        if (Array.TrueForAll(values, v => v == 1)) return new WeightRule("ones", 1, 0);
        var weights = new RandomWeights(name, seed, "normal", 0, 1);
        double[] normal = [.. Enumerable.Range(0, values.Length).Select(i => weights.Normal(i))];
        var rules = Means(normal, values).Select(mean => Deviations(mean, normal, type, values).Select(deviation => new WeightRule("normal", mean, deviation)))
            .Append(Deviations(1, Array.ConvertAll(normal, Math.Abs), type, values).Select(deviation => new WeightRule("one_plus_abs", 1, deviation)))
            .Append([new WeightRule("negative", 0, 0)]);
        return rules.Select(same => same.FirstOrDefault(rule => rule.Gives(name, seed, type, values))).Where(rule => rule is not null)
            .MinBy(rule => $"{rule!.Mean:R}{rule.Deviation:R}".Length);
    }

    /// <summary>The possible means: 0, 1, or the rounded intercept of the line through the weights by least squares.</summary>
    private static IEnumerable<double> Means(double[] normal, float[] values)
    {
        double meanX = normal.Average(), meanY = values.Average(v => (double)v), products = 0, squares = 0;
        for (var i = 0; i < values.Length; i++)
        {
            products += (normal[i] - meanX) * (values[i] - meanY);
            squares += (normal[i] - meanX) * (normal[i] - meanX);
        }

        var intercept = squares == 0 ? 0 : meanY - (products / squares * meanX);
        // A rounded zero may have a sign, which would be written.
        return Enumerable.Range(1, MaxDigitsOfMean).Select(digits => Math.Round(intercept, digits) + 0.0).Concat([0.0, 1.0]).Distinct();
    }

    /// <summary>The deviations that give every weight after rounding, those with the fewest digits first.</summary>
    private static IEnumerable<double> Deviations(double mean, double[] normal, TensorType type, float[] values)
    {
        var (min, max) = (double.NegativeInfinity, double.PositiveInfinity);
        for (var i = 0; i < values.Length; i++)
        {
            if (normal[i] == 0) continue;
            var (below, above) = Neighbours(values[i], type);
            var (a, b) = ((((below + values[i]) / 2) - mean) / normal[i], (((above + values[i]) / 2) - mean) / normal[i]);
            (min, max) = (Math.Max(min, Math.Min(a, b)), Math.Min(max, Math.Max(a, b)));
        }

        // The limits are rounded too; if they are the same number, rounding may have exchanged them.
        var slack = 1e-15 * Math.Abs(max);
        var middle = (min + max) / 2;
        return Enumerable.Range(0, MaxDigits + 1).Select(digits => Math.Round(middle, digits) + 0.0).Concat([middle, min, max])
            .Where(deviation => deviation >= min - slack && deviation <= max + slack);
    }

    private static (double Below, double Above) Neighbours(float value, TensorType type) => type == TensorType.F16
        ? ((double)Half.BitDecrement((Half)value), (double)Half.BitIncrement((Half)value))
        : (float.BitDecrement(value), float.BitIncrement(value));

    private bool Gives(string name, ulong seed, TensorType type, float[] values)
    {
        var weights = new RandomWeights(name, seed, Kind, Mean, Deviation);
        for (var i = 0; i < values.Length; i++)
        {
            if (type == TensorType.F16 ? (Half)weights[i] != (Half)values[i] : weights[i] != values[i]) return false;
        }

        return true;
    }
}
