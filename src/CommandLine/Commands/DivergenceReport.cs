using System.Globalization;
using ArchGen.Tools.Measurement;

namespace ArchGen.CommandLine.Commands;

/// <summary>The figures of a comparison with saved logits.</summary>
internal static class DivergenceReport
{
    // Too few predictions have no meaningful distribution.
    private const int MinTokens = 100;

    private static readonly double[] Quantiles = [1, .999, .99, .95, .9, .75, .5, .25, .1, .05, .01, .001, 0];

    public static void Print(TextWriter output, DivergenceResult result)
    {
        output.WriteLine($"Perplexity of {result.Tokens} tokens");
        Line("model", result.Perplexity);
        Line("base", result.BasePerplexity);
        Line("ln(model/base)", result.LogRatio);
        Line("model/base", result.Ratio);
        Line("model - base", result.Difference);
        output.WriteLine(Invariant($"  {"correlation",-16} {100 * result.Correlation,11:F2} %"));
        output.WriteLine();
        output.WriteLine("KL divergence (nats)");
        Line("mean", result.KlDivergence);
        Print("", 1, result.Divergences);
        output.WriteLine();
        output.WriteLine("Probability of the text's token, model - base");
        Percent("mean", result.ProbabilityChange);
        Percent("RMS", result.RmsProbabilityChange);
        Print(" %", 100, result.ProbabilityChanges);
        output.WriteLine();
        output.WriteLine("Most likely token");
        Percent("same", result.SameTop);

        void Line(string name, Estimate estimate) => output.WriteLine(Invariant($"  {name,-16} {estimate.Value,11:F6} +/- {estimate.Error:F6}"));

        void Percent(string name, Estimate estimate) =>
            output.WriteLine(Invariant($"  {name,-16} {100 * estimate.Value,11:F3} +/- {100 * estimate.Error:F3} %"));

        void Print(string unit, double factor, Distribution distribution)
        {
            if (distribution.Count < MinTokens) return;
            foreach (var part in Quantiles) output.WriteLine(Invariant($"  {Name(part),-16} {factor * distribution.Quantile(part),11:F6}{unit}"));
        }
    }

    private static string Name(double part) => part switch { 1 => "maximum", 0 => "minimum", .5 => "median", _ => Invariant($"{100 * part:0.0} %") };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
