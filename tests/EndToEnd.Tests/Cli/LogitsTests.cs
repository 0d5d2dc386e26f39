using ArchGen.EndToEnd.Tests.Architectures;
using ArchGen.Fixtures;

namespace ArchGen.EndToEnd.Tests.Cli;

/// <summary>The runtime, through the command line, against llama.cpp's results for small random models.</summary>
public sealed class LogitsTests
{
    public static TheoryData<string, string[]> Cases()
    {
        var cases = new TheoryData<string, string[]>();
        foreach (var recipe in ArchitectureFixture.Names)
        {
            string[] gelu = ArchitectureFixture.Load(recipe).Gelu == GeluPrecision.F16Table ? ["--gelu", "f16-table"] : [];
            cases.Add(recipe, gelu);
            cases.Add(recipe, ["--eager", .. gelu]);
            foreach (var size in new[] { "12", "7", "1" }) cases.Add(recipe, ["--ubatch", size, .. gelu]);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Logits_match_the_reference(string recipe, string[] options)
    {
        using var folder = new TemporaryFolder();
        var fixture = ArchitectureFixture.Load(recipe);
        var logits = Archgen.Logits(folder.Path, fixture.WriteGguf(folder.Path), fixture.Tokens, options);
        var error = ArchitectureFixture.NormalizedError(fixture.Expected, logits);
        Assert.True(error <= Tolerance.Of(recipe), $"{recipe} {string.Join(' ', options)}: NMSE {error:E2}");
    }

    /// <summary>
    /// T5's unscaled attention magnifies the table of GELU that the reference reads, so that the statement in its recipe is what makes it green.
    /// </summary>
    [Fact]
    public void Without_the_table_of_GELU_T5_is_not_that_of_llama_cpp()
    {
        using var folder = new TemporaryFolder();
        var fixture = ArchitectureFixture.Load("t5");
        Assert.Equal(GeluPrecision.F16Table, fixture.Gelu);
        var logits = Archgen.Logits(folder.Path, fixture.WriteGguf(folder.Path), fixture.Tokens);
        Assert.InRange(ArchitectureFixture.NormalizedError(fixture.Expected, logits), 1e-6, 1e-4);
    }

    [Theory]
    [InlineData("llama", "f16", 1e-5)]
    [InlineData("llama", "q8_0", 1e-3)]
    [InlineData("gemma3", "f16", 1e-5)]
    [InlineData("deepseek2", "f16", 1e-5)]
    public void A_smaller_cache_costs_little(string recipe, string cache, double tolerance)
    {
        using var folder = new TemporaryFolder();
        var fixture = ArchitectureFixture.Load(recipe);
        var logits = Archgen.Logits(folder.Path, fixture.WriteGguf(folder.Path), fixture.Tokens, "--cache-type", cache);
        var error = ArchitectureFixture.NormalizedError(fixture.Expected, logits);
        Assert.True(error <= tolerance, $"{recipe} {cache}: NMSE {error:E2}");
        Assert.True(error > 1e-12, $"{recipe} {cache}: NMSE {error:E2} is that of an f32 cache");
    }

    [Fact]
    public void Tokens_may_stand_in_a_file()
    {
        using var folder = new TemporaryFolder();
        var fixture = ArchitectureFixture.Load("llama");
        var tokens = folder.File("tokens.json");
        File.WriteAllText(tokens, $"[{string.Join(", ", fixture.Tokens)}]");
        var output = folder.File("logits.f32");
        var run = Archgen.Run("logits", fixture.WriteGguf(folder.Path), "--tokens-file", tokens, "--output", output);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(fixture.Expected.Length * sizeof(float), new FileInfo(output).Length);
    }

    [Fact]
    public void A_decoder_may_read_other_tokens_than_its_encoder()
    {
        using var folder = new TemporaryFolder();
        var fixture = ArchitectureFixture.Load("t5");
        var model = fixture.WriteGguf(folder.Path);
        var runtime = Archgen.Logits(folder.Path, model, fixture.Tokens, "--decoder-tokens", "1,2,3,4,5");
        var eager = Archgen.Logits(folder.Path, model, fixture.Tokens, "--decoder-tokens", "1,2,3,4,5", "--eager");
        Assert.Equal(5 * fixture.Width, runtime.Length);
        Assert.True(ArchitectureFixture.NormalizedError(eager, runtime) <= 1e-8);
    }
}
