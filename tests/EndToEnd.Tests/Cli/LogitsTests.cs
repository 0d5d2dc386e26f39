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
            cases.Add(recipe, []);
            cases.Add(recipe, ["--eager"]);
            cases.Add(recipe, ["--ubatch", "12"]);
            cases.Add(recipe, ["--ubatch", "7"]);
            cases.Add(recipe, ["--ubatch", "1"]);
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

    /// <summary>T5's unscaled attention magnifies the table of GELU that the reference reads: by default it is held to its author, with the table to the reference.</summary>
    [Theory]
    [InlineData("--eager")]
    [InlineData("--ubatch", "64")]
    [InlineData("--ubatch", "12")]
    [InlineData("--ubatch", "1")]
    public void With_the_table_of_GELU_T5_is_that_of_llama_cpp(params string[] options)
    {
        using var folder = new TemporaryFolder();
        var fixture = ArchitectureFixture.Load("t5");
        var model = fixture.WriteGguf(folder.Path);
        Assert.True(Error(["--gelu", "f16-table", .. options]) <= 1e-6, $"NMSE {Error(["--gelu", "f16-table", .. options]):E2}");
        Assert.True(Error(options) > 1e-6, "without the table the check must be red");

        double Error(string[] arguments) => ArchitectureFixture.NormalizedError(fixture.Expected, Archgen.Logits(folder.Path, model, fixture.Tokens, arguments));
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
