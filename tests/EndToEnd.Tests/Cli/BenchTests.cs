using System.Globalization;
using System.Text.Json;
using ArchGen.CommandLine.Commands;
using ArchGen.Fixtures;
using ArchGen.Runtime.Execution;
using ArchGen.Tools.Measurement;

namespace ArchGen.EndToEnd.Tests.Cli;

/// <summary>What <c>archgen bench</c> prints can be read by people and programs, and says the same to both.</summary>
public sealed class BenchTests
{
    private static readonly string Stories = SharedFixtures.Local("models/stories260K.gguf");

    // 60 % of the time at half the memory's rate, 30 % at a quarter of the arithmetic's; 10 % lie between.
    private static readonly BenchReport Report = new(
        "tiny.gguf", 3 << 20, 2_500_000, "cpu", "avx2", 2, new MachineLimits(2, 20e9, 100e9, 256),
        [
            new("pp8", 1234.5678, 12.345, 3, null),
            new("tg4", 56.7891, 0.1234, 3, new Profile(
                [new("matmul q4_0", 4, 0.006, 0.0015, 60e6, 30e6), new("attention", 2, 0.003, 0, 0, 75e6)], 0.01)),
        ]);

    [Fact]
    public void Markdown_and_JSON_hold_the_same_figures()
    {
        using var json = JsonDocument.Parse(Print("json"));
        var results = json.RootElement.EnumerateArray().ToArray();
        var tables = MarkdownTables(Print("md"));
        Assert.Equal(2, tables.Count);
        Assert.Equal(["pp8", "tg4"], tables[0].Select(r => r["test"]));
        for (var i = 0; i < results.Length; i++)
        {
            Assert.Equal($"{Number(results[i], "tokens_per_second"):F2} ± {Number(results[i], "stddev"):F2}", tables[0][i]["t/s"]);
            Assert.Equal(results[i].GetProperty("model").GetString(), tables[0][i]["model"]);
            Assert.Equal($"{Number(results[i], "model_size") / 1048576:F2} MiB", tables[0][i]["size"]);
            Assert.Equal($"{Number(results[i], "model_n_params") / 1e6:F2} M", tables[0][i]["params"]);
            Assert.Equal(results[i].GetProperty("backend").GetString(), tables[0][i]["backend"]);
            Assert.Equal(results[i].GetProperty("tier").GetString(), tables[0][i]["tier"]);
            Assert.Equal($"{Number(results[i], "threads")}", tables[0][i]["threads"]);
        }

        Assert.False(results[0].TryGetProperty("profile", out _));
        var kinds = results[1].GetProperty("profile").GetProperty("kinds").EnumerateArray().ToArray();
        Assert.Equal(["matmul q4_0", "attention", "between steps", "total"], tables[1].Select(r => r["kind"]));
        for (var i = 0; i < kinds.Length; i++)
        {
            Assert.Equal($"{Number(kinds[i], "calls")}", tables[1][i]["calls"]);
            Assert.Equal($"{Number(kinds[i], "milliseconds"):F3}", tables[1][i]["ms"]);
            Assert.Equal(Number(kinds[i], "bytes") > 0 ? $"{Number(kinds[i], "gigabytes_per_second"):F2}" : "", tables[1][i]["GB/s"]);
            Assert.Equal($"{Number(kinds[i], "gigaflops_per_second"):F2}", tables[1][i]["GFLOP/s"]);
            Assert.Equal($"{100 * Number(kinds[i], "of_limit"):F1} %", tables[1][i]["of limit"]);
            Assert.Equal(kinds[i].GetProperty("bound_by").GetString(), tables[1][i]["bound by"]);
        }
    }

    [Fact]
    public void A_profile_sets_each_kind_against_what_bounds_it()
    {
        var table = MarkdownTables(Print("md"))[1];
        Assert.Equal(("60.0 %", "25.0 %", "10.00", "5.00", "50.0 %", "memory"), Row(table[0]));
        Assert.Equal(("30.0 %", "0.0 %", "", "25.00", "25.0 %", "arithmetic"), Row(table[1]));
        Assert.Equal(("10.0 %", "1.000"), (table[2]["share"], table[2]["ms"]));
        // 3 ms and 0.75 ms at best, of 10.
        Assert.Equal(("100.0 %", "15.0 %", "6.00", "10.50", "37.5 %", ""), Row(table[3]));

        static (string Share, string Waiting, string Bytes, string Flops, string Limit, string Bound) Row(Dictionary<string, string> row) =>
            (row["share"], row["of it waiting"], row["GB/s"], row["GFLOP/s"], row["of limit"], row["bound by"]);
    }

    [Fact]
    public void Several_sequences_are_measured_beside_one()
    {
        var run = Archgen.Run("bench", Stories, "-p", "6", "-n", "4", "-d", "0,5", "--parallel", "1,3", "--repetitions", "2", "--json");
        Assert.True(run.ExitCode == 0, run.Error);
        using var json = JsonDocument.Parse(run.Out);
        var results = json.RootElement.EnumerateArray().ToArray();
        Assert.Equal(["pp6", "tg4", "pp6@d5", "tg4@d5", "pp6x3", "tg4x3", "pp6x3@d5", "tg4x3@d5"], results.Select(r => r.GetProperty("test").GetString()));
        Assert.All(results, result => Assert.True(Number(result, "tokens_per_second") > 0));
    }

    [Fact]
    public void The_limits_are_said_with_what_they_are()
    {
        const string said = "tg4: 10.00 ms a run. Limits measured with 2 threads: memory read 20.0 GB/s, F32 multiply-add in 256-bit registers 100 GFLOP/s.";
        Assert.Contains(said, Print("text"), StringComparison.Ordinal);
        Assert.Contains(said, Print("md"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_limits_of_a_device_are_said_with_its_name()
    {
        var report = Report with { Limits = new MachineLimits(0, 20e9, 100e9, 0) { Device = "vulkan0" } };
        using var writer = new StringWriter { NewLine = "\n" };
        report.Print(writer, "text");
        Assert.Contains(
            "tg4: 10.00 ms a run. Limits measured on vulkan0: F16 weights read 20.0 GB/s, product of F16 weights 100 GFLOP/s.", writer.ToString(),
            StringComparison.Ordinal);
        writer.GetStringBuilder().Clear();
        report.Print(writer, "json");
        using var json = JsonDocument.Parse(writer.ToString());
        var limits = json.RootElement[1].GetProperty("limits");
        Assert.Equal("vulkan0", limits.GetProperty("device").GetString());
        Assert.False(limits.TryGetProperty("threads", out _));
    }

    [Theory]
    [InlineData("--format", "md")]
    [InlineData("--format", "json")]
    [InlineData("--format", "jsonl")]
    public void Bench_profiles_prompt_and_generation_apart(string option, string format)
    {
        var run = Archgen.Run("bench", Stories, "-p", "8", "-n", "4", "--repetitions", "2", "--profile", option, format);
        Assert.True(run.ExitCode == 0, run.Error);
        var kinds = format == "md"
            ? MarkdownTables(run.Out).Skip(1).Select(t => t.Select(r => (r["kind"], r["calls"])).ToArray()).ToArray()
            : Array.ConvertAll([.. Tests(run.Out, format)], Kinds);
        Assert.Equal(2, kinds.Length);
        Assert.Contains(("attention", "5"), kinds[0]);
        Assert.Contains(("attention", "20"), kinds[1]);
        Assert.Contains(("get_rows", "1"), kinds[0]);
        Assert.Contains(("get_rows", "4"), kinds[1]);

        static (string, string)[] Kinds(JsonElement test) =>
            [.. test.GetProperty("profile").GetProperty("kinds").EnumerateArray().Select(k => (k.GetProperty("kind").GetString()!, $"{Number(k, "calls")}"))];
    }

    [Fact]
    public void Without_profile_there_is_none()
    {
        var run = Archgen.Run("bench", Stories, "-p", "8", "-n", "4", "--repetitions", "1", "--format", "md");
        Assert.Single(MarkdownTables(run.Out));
        Assert.NotEqual(0, Archgen.Run("bench", Stories, "--format", "xml").ExitCode);
    }

    [Fact]
    public void CSV_and_JSONL_hold_the_figures_of_JSON()
    {
        using var json = JsonDocument.Parse(Print("json"));
        var results = json.RootElement.EnumerateArray().ToArray();
        Assert.Equal(results.Select(r => JsonSerializer.Serialize(r)), Print("jsonl").Split('\n', StringSplitOptions.RemoveEmptyEntries));
        var rows = Print("csv").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(results.Length + 1, rows.Length);
        var heads = rows[0].Split(',');
        for (var i = 0; i < results.Length; i++)
        {
            var cells = rows[i + 1].Split(',');
            Assert.Equal(heads.Select(head => results[i].GetProperty(head).GetRawText()), cells);
        }
    }

    // llama-bench's -o is the format.
    [Fact]
    public void A_format_is_no_file()
    {
        var run = Archgen.Run("bench", Stories, "-o", "md");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("--format md", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Lists_make_a_test_of_each_number()
    {
        using var folder = new Fixtures.TemporaryFolder();
        var file = folder.File("bench.csv");
        var run = Archgen.Run("bench", Stories, "-p", "4,8", "-n", "0,2", "-n", "3", "-d", "0,5", "--repetitions", "1", "--format", "csv", "-o", file);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal("", run.Out);
        Assert.Equal(
            ["\"pp4\"", "\"pp8\"", "\"tg2\"", "\"tg3\"", "\"pp4@d5\"", "\"pp8@d5\"", "\"tg2@d5\"", "\"tg3@d5\""],
            File.ReadAllLines(file).Skip(1).Select(line => line.Split(',')[0]));
        Assert.Contains("--profile has no place in CSV", Archgen.Run("bench", Stories, "--profile", "--format", "csv").Error, StringComparison.Ordinal);
    }

    private static IEnumerable<JsonElement> Tests(string text, string format) => format == "json"
        ? JsonDocument.Parse(text).RootElement.EnumerateArray()
        : text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement);

    private static string Print(string format)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        Report.Print(output, format);
        return output.ToString();
    }

    private static double Number(JsonElement element, string name) => element.GetProperty(name).GetDouble();

    /// <summary>The tables of a text in GitHub's Markdown, their rows by the heads of the columns.</summary>
    private static List<List<Dictionary<string, string>>> MarkdownTables(string text)
    {
        var tables = new List<List<Dictionary<string, string>>>();
        string[]? heads = null;
        var line = 0;
        foreach (var cells in text.Split('\n').Select(l => l.StartsWith('|') ? Array.ConvertAll(l.Split('|')[1..^1], c => c.Trim()) : null))
        {
            if (cells is null)
            {
                heads = null;
                continue;
            }

            if (heads is null)
            {
                (heads, line) = (cells, 0);
                tables.Add([]);
                continue;
            }

            Assert.Equal(heads.Length, cells.Length);
            if (line++ == 0) Assert.All(cells, c => Assert.Matches("^-+:?$", c));
            else tables[^1].Add(heads.Zip(cells).ToDictionary(p => p.First, p => p.Second));
        }

        return tables;
    }
}
