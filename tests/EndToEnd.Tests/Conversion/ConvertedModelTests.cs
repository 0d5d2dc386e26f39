using System.Globalization;
using System.Runtime.InteropServices;
using ArchGen.EndToEnd.Tests.Cli;
using ArchGen.Fixtures;
using ArchGen.Formats;
using ArchGen.Gguf;

namespace ArchGen.EndToEnd.Tests.Conversion;

/// <summary>A checkpoint, converted by the command and run by the runtime, against what the author's model computes.</summary>
public sealed class ConvertedModelTests
{
    public static TheoryData<string> Decoders =>
    [
        .. Directory.GetDirectories(SharedFixtures.Local("conversion")).Select(d => Path.GetFileName(d)!)
            .Where(n => !n.StartsWith("lora-", StringComparison.Ordinal))
            .Where(n => Output(n) != "last_hidden_state").Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Decoders))]
    public void Logits_are_the_authors(string name)
    {
        using var checkpoint = new CheckpointFolder(name);
        var expected = checkpoint.ReadExpected();
        int[] tokens = [.. expected.GetProperty("tokens").EnumerateArray().Select(t => t.GetInt32())];
        string[] decoder = expected.TryGetProperty("decoder_tokens", out var ids)
            ? ["--decoder-tokens", string.Join(',', ids.EnumerateArray().Select(t => t.GetInt32()))]
            : [];
        var file = checkpoint.File("model.gguf");
        var run = Archgen.Run("convert", checkpoint.Path, "--outtype", "f32", "--outfile", file);
        Assert.True(run.ExitCode == 0, run.Error);
        var logits = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Path.Combine(checkpoint.Fixture, "logits.f32")).AsSpan()).ToArray();
        // Where the reference is llama.cpp, its table of GELU is in it.
        var bar = expected.TryGetProperty("logits_from", out _) ? 1e-7 : 1e-8;
        string[] context = expected.TryGetProperty("context", out var length) ? ["-c", length.GetInt32().ToString(CultureInfo.InvariantCulture)] : [];
        foreach (var options in new string[][] { context, [.. context, "--ubatch", "7"] })
        {
            var error = ArchitectureFixture.NormalizedError(logits, Archgen.Logits(checkpoint.Path, file, tokens, [.. decoder, .. options]));
            Assert.True(error <= bar, $"{name} {string.Join(' ', options)}: NMSE {error:E2}");
        }
    }

    /// <summary>The command carries the recorded results that prove these.</summary>
    [Theory]
    [InlineData("llama-mha")]
    [InlineData("phimoe")]
    [InlineData("t5-encoder")]
    public void An_architecture_with_recorded_results_is_proven(string name)
    {
        using var checkpoint = new CheckpointFolder(name);
        Assert.DoesNotContain("Nothing has proven", Archgen.Run("convert", checkpoint.Path, "--outfile", checkpoint.File("model.gguf")).Error,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("q4_0", 2u)]
    [InlineData("q5_1", 9u)]
    [InlineData("iq4_nl", 25u)]
    [InlineData("q4_K", 15u)]
    public void Matrices_may_be_of_any_type_that_needs_no_importance(string type, uint fileType)
    {
        using var checkpoint = new CheckpointFolder("llama-mha");
        var file = checkpoint.File("model.gguf");
        var run = Archgen.Run("convert", checkpoint.Path, "--outtype", type, "--outfile", file);
        Assert.True(run.ExitCode == 0, run.Error);
        using var opened = GgufFile.Open(file);
        Assert.Equal(fileType, opened.Metadata["general.file_type"].AsUInt32());
        Assert.True(opened.TryGetTensor("blk.0.attn_q.weight", out var tensor));
        // 64 columns are no whole blocks of 256: as quantize does.
        Assert.Equal(type == "q4_K" ? "q5_0" : type, tensor.Type.Name);
        Assert.Equal(type == "q4_K", run.Error.Contains("rows of 64 are no whole blocks of q4_K (256); q5_0 instead.", StringComparison.Ordinal));
        Assert.NotEqual(0, Archgen.Run("convert", checkpoint.Path, "--outtype", "iq2_xxs", "--outfile", file).ExitCode);
    }

    private static string Output(string name)
    {
        using var document = System.Text.Json.JsonDocument.Parse(File.ReadAllBytes(SharedFixtures.Local($"conversion/{name}/expected.json")));
        return document.RootElement.GetProperty("output").GetString()!;
    }
}
