using ArchGen.Extensions.AI.Tests;
using ArchGen.Fixtures;

namespace ArchGen.Samples.Tests;

/// <summary>Each sample runs with a small model. Its words mean nothing; its form does.</summary>
public sealed class SampleTests
{
    public static TheoryData<string> Names => [.. Samples.All.Keys.Except(["search"])];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_sample_runs(string name)
    {
        using var service = TestService.Open(options => options.ContextLength = 2048);
        var output = new StringWriter();
        await Samples.All[name](service, "Once upon a time there was a cat", output);
        Assert.True(output.ToString().Trim().Length > 0);
        if (name == "tools") Assert.Contains("-> ", output.ToString(), StringComparison.Ordinal);
        if (name == "extract") Assert.Matches("^(Glad|Sad), (strongly|a little)", output.ToString());
        if (name == "chat") Assert.Matches(@"\([1-9]\d* of \d+ tokens from the cache\)", output.ToString());
    }

    [LargeFixtureFact("models/all-MiniLM-L6-v2.q8_0.gguf")]
    public async Task The_closest_sentence_is_found()
    {
        using var service = TestService.Open(options => options.ModelPath = SharedFixtures.FindLarge("models/all-MiniLM-L6-v2.q8_0.gguf")!);
        var output = new StringWriter();
        await Samples.All["search"](service, "Someone has a meal.", output);
        var lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.Contains("eating food", lines[0], StringComparison.Ordinal);
        Assert.Equal(lines.OrderByDescending(line => line, StringComparer.Ordinal), lines);
    }
}
