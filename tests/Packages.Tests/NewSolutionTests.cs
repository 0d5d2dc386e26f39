using System.Text.Json;
using ArchGen.Fixtures;

namespace ArchGen.Packages.Tests;

/// <summary>A new solution is built, tested and run as its README says, with nothing but the packages.</summary>
public sealed class NewSolutionTests(PackedPackages packages)
{
    /// <summary>The first run of the tests writes the graph. Who has read it renames the file.</summary>
    [Fact]
    public void The_templates_solution_is_built_tested_and_run()
    {
        var solution = NewSolution.FromTemplate(packages, "Mine");
        var first = solution.Test();
        Assert.Equal(1, first.ExitCode);
        Assert.Contains("rename Graph.Mine.received.txt to Graph.Mine.verified.txt", first.Text, StringComparison.Ordinal);
        Assert.Contains("Failed:     1, Passed:     0", first.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("warning", first.Text, StringComparison.Ordinal);
        File.Move(solution.File("NAMETests/Graph.NAME.received.txt"), solution.File("NAMETests/Graph.NAME.verified.txt"));
        Assert.Contains("Failed:     0, Passed:     1", solution.Test("--no-build").Done().Text, StringComparison.Ordinal);

        Assert.Contains("\n  MineProgram [command] [options]\n", solution.Run("--help").Done().Out, StringComparison.Ordinal);
        Assert.Contains("\nmine ", solution.Run("architectures").Done().Out, StringComparison.Ordinal);
        Assert.StartsWith("MineProgram: There is no model.", solution.Run("run").Error, StringComparison.Ordinal);
    }

    /// <summary>Llama under another name: the draft is a variant, and computes its author's logits.</summary>
    [Fact]
    public void A_drafts_solution_is_built_tested_and_converts_its_checkpoint()
    {
        var (checkpoint, tokens) = Checkpoint("LlamaForCausalLM", "NovelForCausalLM");
        var solution = NewSolution.Write(packages, "Novel", "--from", checkpoint);
        var accepting = solution.Test("-e", "ARCHGEN_ACCEPT_SNAPSHOTS=1").Done().Text;
        Assert.Contains("Failed:     0, Passed:     1", accepting, StringComparison.Ordinal);
        Assert.DoesNotContain("warning", accepting, StringComparison.Ordinal);
        Assert.True(File.Exists(solution.File("NAMETests/Graph.NAME.verified.txt")));

        var converted = solution.Run("convert", checkpoint, "--outfile", "model.gguf").Done();
        Assert.Contains("NovelForCausalLM to novel: 21 tensors", converted.Error, StringComparison.Ordinal);
        Assert.Contains("NovelProgram compare", converted.Error, StringComparison.Ordinal);
        var compared = solution.Run("compare", "model.gguf", Path.Combine(checkpoint, "logits.f32"), "--tokens", tokens).Done();
        Assert.StartsWith("nothing diverges: 1 node agrees with logits.f32 within 1.0E-8,", compared.Out, StringComparison.Ordinal);
    }

    // A checkpoint of the tests, with another class in its config.json, and the tokens of its author's logits.
    private (string Folder, string Tokens) Checkpoint(string @class, string renamed)
    {
        var fixture = SharedFixtures.Local("conversion/llama-bin");
        var folder = packages.NewFolder("checkpoint");
        foreach (var file in Directory.GetFiles(fixture)) File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        var config = Path.Combine(folder, "config.json");
        File.WriteAllText(config, File.ReadAllText(config).Replace(@class, renamed, StringComparison.Ordinal));
        using var expected = JsonDocument.Parse(File.ReadAllText(Path.Combine(fixture, "expected.json")));
        return (folder, string.Join(',', expected.RootElement.GetProperty("tokens").EnumerateArray()));
    }
}
