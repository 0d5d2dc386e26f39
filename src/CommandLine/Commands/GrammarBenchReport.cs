using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ArchGen.CommandLine.Commands;

/// <summary>The results of <c>archgen grammar bench</c>.</summary>
/// <param name="Model">The name of the vocabulary's file.</param>
/// <param name="Schemas">The schemas in the order of the file.</param>
internal sealed record GrammarBenchReport(string Model, IReadOnlyList<GrammarBenchSchema> Schemas)
{
    private const int Worst = 10;

    /// <summary>Prints the figures for people.</summary>
    /// <param name="isListed">Whether to print each schema that does not pass.</param>
    public void PrintText(TextWriter output, bool isListed)
    {
        if (isListed)
        {
            foreach (var schema in Schemas.Where(schema => !schema.IsPassed)) output.WriteLine($"{schema.Name}: {Reason(schema)}");
            output.WriteLine();
        }

        output.WriteLine($"{Model}: {Schemas.Count} schemas, {Schemas.Sum(s => s.Documents)} documents, {Schemas.Sum(s => s.Tokens)} tokens");
        TextTable table = new("", "schemas>", "documents>");
        foreach (var (name, count, documents) in Counts()) table.Add(name, Text(count), documents is { } number ? Text(number) : "");
        table.PrintText(output);
        output.WriteLine();
        TextTable times = new("", "mean>", "p50>", "p99>", "largest>");
        foreach (var (name, unit, figures) in Times()) times.Add([$"{name} ({unit})", .. figures.Select(Text)]);
        times.PrintText(output);
        output.WriteLine();
        output.WriteLine("Largest masks (us)");
        TextTable worst = new("schema", "mask>");
        foreach (var (name, time) in WorstMasks()) worst.Add(name, Text(time));
        worst.PrintText(output);
    }

    /// <summary>Prints the figures as one object of JSON.</summary>
    public void PrintJson(TextWriter output)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream, new() { Indented = true }))
        {
            writer.WriteStartObject();
            writer.WriteString("model", Model);
            writer.WriteNumber("schemas", Schemas.Count);
            writer.WriteNumber("documents", Schemas.Sum(schema => schema.Documents));
            writer.WriteNumber("tokens", Schemas.Sum(schema => schema.Tokens));
            foreach (var (name, count, documents) in Counts())
            {
                writer.WriteNumber(name.Replace(' ', '_'), count);
                if (documents is { } number) writer.WriteNumber($"{name.Replace(' ', '_')}_documents", number);
            }

            foreach (var (name, unit, figures) in Times())
            {
                writer.WriteStartObject($"{name}_{unit}");
                string[] names = ["mean", "p50", "p99", "largest"];
                for (var i = 0; i < names.Length; i++) writer.WriteNumber(names[i], Math.Round(figures[i], 3));
                writer.WriteEndObject();
            }

            writer.WriteStartArray("worst");
            foreach (var (name, time) in WorstMasks())
            {
                writer.WriteStartObject();
                writer.WriteString("name", name);
                writer.WriteNumber("mask_us", Math.Round(time, 3));
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        output.WriteLine(Encoding.UTF8.GetString(stream.ToArray()));
    }

    private IEnumerable<(string Name, int Schemas, int? Documents)> Counts() =>
    [
        ("compiled", Schemas.Count(schema => schema.Refusal is null), null),
        ("passed", Schemas.Count(schema => schema.IsPassed), null),
        ("wrongly accepted", Schemas.Count(schema => schema.WronglyAccepted > 0), Schemas.Sum(schema => schema.WronglyAccepted)),
        ("wrongly refused", Schemas.Count(schema => schema.WronglyRefused > 0), Schemas.Sum(schema => schema.WronglyRefused)),
        ("at a limit", Schemas.Count(schema => schema.LimitErrors > 0), Schemas.Sum(schema => schema.LimitErrors)),
    ];

    private IEnumerable<(string Name, string Unit, double[] Figures)> Times()
    {
        var compiled = Schemas.Where(schema => schema.Refusal is null).Select(schema => schema.CompileTime.TotalMilliseconds);
        yield return ("compile", "ms", Figures([.. compiled]));
        yield return ("mask", "us", Figures([.. Schemas.SelectMany(schema => schema.MaskTimes).Select(Microseconds)]));
    }

    private IEnumerable<(string Name, double Time)> WorstMasks() => Schemas.Where(schema => schema.MaskTimes.Count > 0)
        .Select(schema => (schema.Name, Microseconds(schema.MaskTimes.Max()))).OrderByDescending(worst => worst.Item2).Take(Worst);

    /// <summary>Mean, median, 99th percentile and largest; zeros if there are none.</summary>
    private static double[] Figures(double[] values)
    {
        if (values.Length == 0) return [0, 0, 0, 0];
        Array.Sort(values);
        return [values.Average(), values[values.Length / 2], values[Math.Min(values.Length - 1, values.Length * 99 / 100)], values[^1]];
    }

    private static string Reason(GrammarBenchSchema schema)
    {
        if (schema.Refusal is { } refusal) return refusal;
        var first = schema.FirstRefused is { } place ? $", first in {place}" : "";
        return $"{schema.WronglyAccepted} wrongly accepted, {schema.WronglyRefused} wrongly refused{first}{(schema.Limit is { } limit ? $": {limit}" : "")}";
    }

    private static double Microseconds(long ticks) => ticks * 1e6 / Stopwatch.Frequency;

    private static string Text(double value) => Math.Round(value, 2).ToString(CultureInfo.InvariantCulture);
}
