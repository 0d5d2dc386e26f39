using System.Globalization;
using System.Text;
using System.Text.Json;
using ArchGen.Measurement;

namespace ArchGen.Cli.Commands;

/// <summary>What <c>archgen bench</c> has measured, and of what.</summary>
/// <param name="Model">The name of the file.</param>
/// <param name="Bytes">Bytes of its tensors.</param>
/// <param name="Parameters">Elements of its tensors.</param>
/// <param name="Tier">The instruction set.</param>
/// <param name="Threads">Threads that computed.</param>
/// <param name="Limits">What the machine can do at best; null without a profile.</param>
/// <param name="Results">The tests.</param>
internal sealed record BenchReport(
    string Model, long Bytes, long Parameters, string Tier, int Threads, MachineLimits? Limits, IReadOnlyList<BenchResult> Results)
{
    public const string Backend = "CPU";

    /// <summary>Prints the report as <c>text</c>, <c>json</c> or <c>md</c>.</summary>
    public void Print(TextWriter output, string format)
    {
        switch (format)
        {
            case "json": PrintJson(output); break;
            case "md": PrintMarkdown(output); break;
            default: PrintText(output); break;
        }
    }

    private void PrintText(TextWriter output)
    {
        output.WriteLine($"{Model}, {Threads} threads");
        foreach (var r in Results) output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {r.Test,-8} {r.TokensPerSecond,10:F2} +- {r.Deviation:F2} tokens/s"));
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

    private void PrintJson(TextWriter output)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartArray();
            foreach (var result in Results) WriteJson(writer, result);
            writer.WriteEndArray();
        }

        output.WriteLine(Encoding.UTF8.GetString(stream.ToArray()));
    }

    private void WriteJson(Utf8JsonWriter writer, BenchResult result)
    {
        writer.WriteStartObject();
        writer.WriteString("test", result.Test);
        writer.WriteNumber("tokens_per_second", Math.Round(result.TokensPerSecond, 4));
        writer.WriteNumber("stddev", Math.Round(result.Deviation, 4));
        writer.WriteNumber("repetitions", result.Runs);
        writer.WriteNumber("threads", Threads);
        writer.WriteString("model", Model);
        writer.WriteNumber("model_size", Bytes);
        writer.WriteNumber("model_n_params", Parameters);
        writer.WriteString("backend", Backend);
        writer.WriteString("tier", Tier);
        if (result.Profile is { } profile && Limits is { } limits) ProfileReport.WriteJson(writer, profile, limits);
        writer.WriteEndObject();
    }
}

/// <summary>The figures of one test.</summary>
/// <param name="Test">Its name as llama-bench has it: pp128, tg32@d4096.</param>
/// <param name="TokensPerSecond">The mean of the runs.</param>
/// <param name="Deviation">Their standard deviation.</param>
/// <param name="Runs">Their number.</param>
/// <param name="Profile">Where the time of one run goes, from runs of their own; null unless asked for.</param>
internal sealed record BenchResult(string Test, double TokensPerSecond, double Deviation, int Runs, Profile? Profile);
