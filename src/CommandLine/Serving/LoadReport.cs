using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ArchGen.CommandLine.Serving;

/// <summary>The results of <c>archgen bench-serve</c>.</summary>
/// <param name="Options">What was sent.</param>
/// <param name="Model">The model that was requested.</param>
/// <param name="Rows">A row for each concurrency.</param>
internal sealed record LoadReport(LoadOptions Options, string Model, IReadOnlyList<LoadRow> Rows)
{
    /// <summary>Prints the report as <c>text</c>, <c>json</c> or <c>md</c>.</summary>
    public void Print(TextWriter output, string format)
    {
        if (format == "json")
        {
            PrintJson(output);
            return;
        }

        output.WriteLine(Caption());
        output.WriteLine();
        foreach (var table in (TextTable[])[Throughput(), Latencies()])
        {
            if (format == "md") table.PrintMarkdown(output);
            else table.PrintText(output);
            output.WriteLine();
        }

        foreach (var row in Rows)
        {
            foreach (var (error, count) in row.Errors.Take(3)) output.WriteLine($"{count} of {row.Results.Count} at {row.Concurrency} failed: {error}");
            if (!row.IsWhole) output.WriteLine($"Interrupted at {row.Concurrency}: {row.Results.Count} of {row.Planned} requests ended.");
        }
    }

    /// <summary>Draws time to first token and throughput by concurrency.</summary>
    public SvgChart[] Charts()
    {
        string[] places = [.. Rows.Select(row => row.Concurrency.ToString(CultureInfo.InvariantCulture))];
        return
        [
            new("Time to first token (ms)", "requests at the same time", places,
            [
                new("median", [.. Rows.Select(row => row.FirstToken.P50)]),
                new("99th percentile", [.. Rows.Select(row => row.FirstToken.P99)]),
            ]),
            new("Tokens per second", "requests at the same time", places,
            [
                new("answers", [.. Rows.Select(row => row.Rate(row.AnswerTokens))]),
                new("answers and prompts", [.. Rows.Select(row => row.Rate(row.PromptTokens + row.AnswerTokens))]),
            ]),
        ];
    }

    /// <summary>What was measured, in one line.</summary>
    public string Caption()
    {
        var rate = Options.Rate is { } perSecond ? $", {Text(perSecond)} requests/s" : "";
        return $"{Options.Server.Authority}, {Model}, {(Options.IsChat ? "chat" : "completions")}: {Options.PromptTokens} tokens of prompt "
            + $"({Text(100 * Options.PrefixShare)} % shared), {Options.AnswerTokens} of answer{rate}, seed {Options.Seed}";
    }

    private TextTable Throughput()
    {
        var table = new TextTable(
            "concurrency>", "requests>", "errors>", "seconds>", "requests/s>", "output tokens/s>", "total tokens/s>", "prompt tokens>", "answer tokens>",
            "cached>");
        foreach (var row in Rows)
        {
            table.Add(
                Text(row.Concurrency), Text(row.Completed), Text(row.Failed), Text(row.Seconds), Text(row.Rate(row.Completed)),
                Text(row.Rate(row.AnswerTokens)), Text(row.Rate(row.PromptTokens + row.AnswerTokens)), Text(row.PromptTokens), Text(row.AnswerTokens),
                $"{Text(Math.Round(100 * row.CachedShare, 1))} %");
        }

        return table;
    }

    private TextTable Latencies()
    {
        var table = new TextTable("concurrency>", "milliseconds", "mean>", "p50>", "p90>", "p99>");
        foreach (var row in Rows)
        {
            foreach (var (_, name, values) in Times(row))
                table.Add(Text(row.Concurrency), name, Text(values.Mean), Text(values.P50), Text(values.P90), Text(values.P99));
        }

        return table;
    }

    // The short names are those of vLLM's results.
    private static (string Key, string Name, DistributionSummary Values)[] Times(LoadRow row) =>
    [
        ("ttft", "time to first token", row.FirstToken),
        ("tpot", "time per output token", row.PerToken),
        ("itl", "between two events", row.Gaps),
        ("e2el", "request latency", row.Latency),
    ];

    private void PrintJson(TextWriter output)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartObject();
            writer.WriteString("server", Options.Server.AbsoluteUri);
            writer.WriteString("model_id", Model);
            writer.WriteString("endpoint", Options.IsChat ? "chat" : "completions");
            writer.WriteNumber("prompt_tokens", Options.PromptTokens);
            writer.WriteNumber("answer_tokens", Options.AnswerTokens);
            writer.WriteNumber("prefix_share", Options.PrefixShare);
            if (Options.Rate is { } rate) writer.WriteNumber("request_rate", rate);
            else writer.WriteNull("request_rate");
            writer.WriteNumber("burstiness", Options.Burstiness);
            writer.WriteBoolean("ignore_eos", Options.IgnoresEnd);
            writer.WriteNumber("seed", Options.Seed);
            writer.WriteStartArray("rows");
            foreach (var row in Rows) WriteRow(writer, row);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        output.WriteLine(Encoding.UTF8.GetString(stream.ToArray()));
    }

    private static void WriteRow(Utf8JsonWriter writer, LoadRow row)
    {
        writer.WriteStartObject();
        writer.WriteNumber("max_concurrency", row.Concurrency);
        writer.WriteNumber("num_prompts", row.Planned);
        writer.WriteNumber("completed", row.Completed);
        writer.WriteNumber("failed", row.Failed);
        writer.WriteBoolean("interrupted", !row.IsWhole);
        writer.WriteNumber("duration", row.Seconds);
        writer.WriteNumber("total_input_tokens", row.PromptTokens);
        writer.WriteNumber("cached_input_tokens", row.CachedTokens);
        writer.WriteNumber("total_output_tokens", row.AnswerTokens);
        writer.WriteNumber("request_throughput", row.Rate(row.Completed));
        writer.WriteNumber("output_throughput", row.Rate(row.AnswerTokens));
        writer.WriteNumber("total_token_throughput", row.Rate(row.PromptTokens + row.AnswerTokens));
        foreach (var (key, _, values) in Times(row))
        {
            writer.WriteNumber($"mean_{key}_ms", values.Mean);
            writer.WriteNumber($"median_{key}_ms", values.P50);
            writer.WriteNumber($"p90_{key}_ms", values.P90);
            writer.WriteNumber($"p99_{key}_ms", values.P99);
        }

        writer.WriteStartObject("errors");
        foreach (var (error, count) in row.Errors) writer.WriteNumber(error, count);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static string Text(double value) => Math.Round(value, 2).ToString(CultureInfo.InvariantCulture);
}
