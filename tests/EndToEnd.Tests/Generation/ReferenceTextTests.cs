using System.CommandLine;
using System.Text.RegularExpressions;
using ArchGen.Cli;
using ArchGen.CommandLine.Options;
using ArchGen.Cpu.Execution;
using ArchGen.Fixtures;
using ArchGen.Runtime.Cache;
using ArchGen.Runtime.Generation;
using ArchGen.Runtime.Sampling;
using ArchGen.Runtime.Speculation;

namespace ArchGen.EndToEnd.Tests.Generation;

/// <summary>With the same options and seed, a text is that of llama-completion, token for token (tests/Fixtures/sampling/expected.sh).</summary>
public sealed class ReferenceTextTests
{
    public static TheoryData<string, string> Cases =>
        [.. File.ReadAllLines(SharedFixtures.Local("sampling/stories260K.txt")).Chunk(2).Select(pair => (pair[0], pair[1]))];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_seed_gives_the_text_of_llama_cpp(string options, string expected)
    {
        using var model = BuiltIn.Program.Load(SharedFixtures.Local("models/stories260K.gguf"));
        var (prompt, sampling) = Read(options, model);
        using var generator = new TextGenerator(model, CpuBackend.Exact(), new GenerationOptions
        {
            MaxTokens = 100,
            ContextLength = 512,
            CacheType = CacheType.F32,
            Sampling = sampling,
            Speculation = new() { Type = SpeculationType.None },
        });
        Assert.Equal(expected, string.Join(' ', prompt.Concat(generator.Generate(prompt).Select(token => token.Id))));
    }

    private static (int[] Prompt, SamplerOptions Sampling) Read(string options, LoadedModel model)
    {
        string[] words = [.. Regex.Matches(options, "\"(.*?)\"|(\\S+)").Select(match => match.Groups[match.Groups[1].Success ? 1 : 2].Value)];
        var sampling = new SamplingOptions();
        var prompt = new PromptOptions();
        var command = new RootCommand();
        foreach (var option in sampling.All.Concat(prompt.All).OfType<Option>()) command.Options.Add(option);
        var parsed = command.Parse(words);
        Assert.Empty(parsed.Errors);
        return (prompt.Required(parsed, null!).Tokens(model), sampling.Read(parsed, model, isGreedy: false));
    }
}
