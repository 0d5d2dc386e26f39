using System.Globalization;
using System.Text;
using System.Text.Json;
using ArchGen.Runtime.Execution;
using ArchGen.Tools.Measurement;

namespace ArchGen.CommandLine.Commands;

/// <summary>The results of <c>archgen bench</c>, the model and the machine.</summary>
/// <param name="Model">The name of the file.</param>
/// <param name="Bytes">Bytes of its tensors.</param>
/// <param name="Parameters">Elements of its tensors.</param>
/// <param name="Backend">What computed: <c>cpu</c>, or devices with it.</param>
/// <param name="Tier">The instruction set.</param>
/// <param name="Threads">Threads that computed.</param>
/// <param name="Limits">The limits of the machine; null without a profile.</param>
/// <param name="Results">The tests.</param>
internal sealed record BenchReport(
    string Model, long Bytes, long Parameters, string Backend, string Tier, int Threads, MachineLimits? Limits, IReadOnlyList<BenchResult> Results)
{
    /// <summary>Prints the report as <c>text</c>, <c>json</c>, <c>jsonl</c>, <c>csv</c> or <c>md</c>.</summary>
    public void Print(TextWriter output, string format)
    {
        switch (format)
        {
            case "json": PrintJson(output); break;
            case "jsonl": PrintJsonLines(output); break;
            case "csv": PrintCsv(output); break;
            case "md": PrintMarkdown(output); break;
            default: PrintText(output); break;
        }
    }

    private void PrintText(TextWriter output)
    {
        output.WriteLine($"{Model}, {Threads} threads");
        foreach (var r in Results)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {r.Test,-8} {r.TokensPerSecond,10:F2} +- {r.Deviation:F2} tokens/s"));
        foreach (var (caption, table) in ProfileTables())
        {
            output.WriteLine();
            output.WriteLine(caption);
            table.PrintText(output);
        }
    }

    /// <summary>The columns of llama-bench, and the instruction set.</summary>
    private void PrintMarkdown(TextWriter output)
    {
        var table = new TextTable("model", "size>", "params>", "backend", "tier", "threads>", "test>", "t/s>");
        foreach (var r in Results)
        {
            table.Add(
                Model,
                string.Create(CultureInfo.InvariantCulture, $"{Bytes / 1048576.0:F2} MiB"),
                string.Create(CultureInfo.InvariantCulture, $"{Parameters / 1e6:F2} M"),
                Backend,
                Tier,
                Threads.ToString(CultureInfo.InvariantCulture),
                r.Test,
                string.Create(CultureInfo.InvariantCulture, $"{r.TokensPerSecond:F2} ± {r.Deviation:F2}"));
        }

        table.PrintMarkdown(output);
        foreach (var (caption, profile) in ProfileTables())
        {
            output.WriteLine();
            output.WriteLine(caption);
            output.WriteLine();
            profile.PrintMarkdown(output);
        }
    }

    private IEnumerable<(string Caption, TextTable Table)> ProfileTables()
    {
        foreach (var result in Results)
        {
            if (result.Profile is { } profile && Limits is { } limits)
                yield return (ProfileReport.Caption(result.Test, profile, limits), ProfileReport.Table(profile, limits));
        }
    }

    private void PrintCsv(TextWriter output)
    {
        for (var i = 0; i < Results.Count; i++)
        {
            var columns = Columns(Results[i]);
            if (i == 0) output.WriteLine(string.Join(',', columns.Select(c => c.Name)));
            output.WriteLine(string.Join(',', columns.Select(c => c.IsText ? $"\"{c.Value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : c.Value)));
        }
    }

    private void PrintJsonLines(TextWriter output)
    {
        foreach (var result in Results) output.WriteLine(Json(writer => WriteJson(writer, result), isIndented: false));
    }

    private void PrintJson(TextWriter output) => output.WriteLine(Json(
        writer =>
        {
            writer.WriteStartArray();
            foreach (var result in Results) WriteJson(writer, result);
            writer.WriteEndArray();
        },
        isIndented: true));

    private static string Json(Action<Utf8JsonWriter> write, bool isIndented)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = isIndented })) write(writer);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private void WriteJson(Utf8JsonWriter writer, BenchResult result)
    {
        writer.WriteStartObject();
        foreach (var (name, value, isText) in Columns(result))
        {
            writer.WritePropertyName(name);
            if (isText) writer.WriteStringValue(value);
            else writer.WriteRawValue(value);
        }

        if (result.Profile is { } profile && Limits is { } limits) ProfileReport.WriteJson(writer, profile, limits);
        writer.WriteEndObject();
    }

    /// <summary>The columns of CSV, which are the properties of JSON.</summary>
    private (string Name, string Value, bool IsText)[] Columns(BenchResult result) =>
    [
        ("test", result.Test, true),
        ("tokens_per_second", Number(result.TokensPerSecond), false),
        ("stddev", Number(result.Deviation), false),
        ("repetitions", Number(result.Runs), false),
        ("threads", Number(Threads), false),
        ("model", Model, true),
        ("model_size", Number(Bytes), false),
        ("model_n_params", Number(Parameters), false),
        ("backend", Backend, true),
        ("tier", Tier, true),
    ];

    private static string Number(double value) => Math.Round(value, 4).ToString(CultureInfo.InvariantCulture);
}

/// <summary>The figures of one test.</summary>
/// <param name="Test">Its name as in llama-bench: pp128, tg32@d4096.</param>
/// <param name="TokensPerSecond">The mean of the runs, tokens per second.</param>
/// <param name="Deviation">Their standard deviation, tokens per second.</param>
/// <param name="Runs">Their number.</param>
/// <param name="Profile">The time of one run by kind of step, measured separately; null unless requested.</param>
internal sealed record BenchResult(string Test, double TokensPerSecond, double Deviation, int Runs, Profile? Profile);
