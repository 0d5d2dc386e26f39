using ArchGen.EndToEnd.Tests.Cli;
using ArchGen.Fixtures;

namespace ArchGen.EndToEnd.Tests.Authors;

/// <summary>The runtime against what the author's published model computes, where llama.cpp's random models do not show it.</summary>
public sealed class AuthorRuntimeTests
{
    public static TheoryData<string, string[]> Cases()
    {
        var cases = new TheoryData<string, string[]>();
        // Phi-3.5-MoE and StarCoder2 are other models in llama.cpp; gpt-oss has MXFP4 experts and YaRN; Qwen3-Next comes here in its older layout;
        // the random T5 encoder was run with a causal mask.
        foreach (var name in new[] { "phimoe", "gpt-oss", "qwen3next", "starcoder2", "t5-encoder" })
        {
            cases.Add(name, []);
            cases.Add(name, ["--eager"]);
            cases.Add(name, ["--ubatch", "16"]);
            cases.Add(name, ["--ubatch", "7"]);
            cases.Add(name, ["--ubatch", "1"]);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Logits_are_those_of_the_published_model(string name, string[] options)
    {
        using var folder = new TemporaryFolder();
        var checkpoint = new Checkpoint(name);
        var logits = Archgen.Logits(folder.Path, checkpoint.WriteGguf(folder.Path), checkpoint.Tokens, options);
        var error = ArchitectureFixture.NormalizedError(checkpoint.Expected, logits);
        Assert.True(error <= 1e-8, $"{name} {string.Join(' ', options)}: NMSE {error:E2}");
    }
}
