using System.Globalization;
using ArchGen.CommandLine;
using ArchGen.CommandLine.Serving;
using ArchGen.Samples.Router.Routing;

namespace ArchGen.Samples.Router.Simulation;

/// <summary>Prints hit rate and time to first token by the number of replicas: <c>simulate [--replicas 2,4,8] [--seed N] [--svg FILE]</c>.</summary>
internal static class SimulateCommand
{
    private static readonly (Policy Policy, string Name)[] Policies =
        [(Policy.RoundRobin, "round robin"), (Policy.LeastLoad, "least load"), (Policy.PrefixAware, "prefix-aware")];

    /// <summary>Simulates and prints.</summary>
    /// <exception cref="FormatException">An option is wrong.</exception>
    public static void Run(ReadOnlySpan<string> arguments, TextWriter output)
    {
        int[] counts = [2, 4, 8, 16, 32, 64];
        var (options, routing) = (new SimulationOptions(), new RoutingOptions());
        string? svg = null;
        for (var i = 0; i < arguments.Length; i += 2)
        {
            var value = i + 1 < arguments.Length ? arguments[i + 1] : throw new FormatException($"{arguments[i]} needs a value.");
            switch (arguments[i])
            {
                case "--replicas": counts = [.. value.Split(',').Select(text => Number(text, 1, 256))]; break;
                case "--seed": options = options with { Seed = Number(value, 0, int.MaxValue) }; break;
                case "--cache-tokens": options = options with { CacheTokens = Number(value, 0, int.MaxValue) }; break;
                case "--answer-tokens": options = options with { AnswerTokens = Number(value, 1, 100_000) }; break;
                case "--answer-blocks": routing = routing with { AnswerBlocks = Number(value, 0, 1000) }; break;
                case "--min-hit": routing = routing with { MinHit = Number(value, 0, 100) / 100.0 }; break;
                case "--svg": svg = value; break;
                default:
                    throw new FormatException(
                        $"There is no option {arguments[i]}. There are --replicas, --seed, --cache-tokens, --answer-tokens, --answer-blocks, --min-hit, "
                        + "--svg.");
            }
        }

        options = options with { Routing = routing };
        var results = Array.ConvertAll(
            Policies, policy => Array.ConvertAll(counts, count => new Simulator(options with { Replicas = count }, policy.Policy).Run()));
        Print(output, counts, results);
        if (svg is null) return;
        using var bytes = new MemoryStream();
        var caption = $"{options.ConversationsPerReplica} conversations of {options.Turns} turns for each replica, seed {options.Seed}";
        SvgChart.Write(bytes, caption, Charts(counts, results));
        File.WriteAllBytes(svg, bytes.ToArray());
    }

    private static void Print(TextWriter output, int[] counts, SimulationResult[][] results)
    {
        var table = new TextTable("replicas>", "policy", "cached>", "first token p50 (s)>", "p99 (s)>", "busiest/mean>");
        for (var i = 0; i < counts.Length; i++)
        {
            for (var p = 0; p < Policies.Length; p++)
            {
                var result = results[p][i];
                table.Add(
                    counts[i].ToString(CultureInfo.InvariantCulture), Policies[p].Name,
                    string.Create(CultureInfo.InvariantCulture, $"{100 * result.HitRate:F1} %"), Text(result.FirstToken.P50), Text(result.FirstToken.P99),
                    Text(result.Imbalance));
            }
        }

        table.PrintMarkdown(output);
    }

    private static SvgChart[] Charts(int[] counts, SimulationResult[][] results)
    {
        string[] places = [.. counts.Select(count => count.ToString(CultureInfo.InvariantCulture))];
        return
        [
            new("Tokens of prompts from the cache (%)", "replicas", places, Series(result => 100 * result.HitRate)),
            new("Time to first token, median (s)", "replicas", places, Series(result => result.FirstToken.P50)),
            new("Time to first token, 99th percentile (s)", "replicas", places, Series(result => result.FirstToken.P99)),
        ];

        SvgSeries[] Series(Func<SimulationResult, double> figure) =>
            [.. Policies.Select((policy, p) => new SvgSeries(policy.Name, [.. results[p].Select(figure)]))];
    }

    private static int Number(string text, int min, int max) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max ? number
        : throw new FormatException($"'{text}' is no whole number from {min} to {max}.");

    private static string Text(double value) => value.ToString("F2", CultureInfo.InvariantCulture);
}
