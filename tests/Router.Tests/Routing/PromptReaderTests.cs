using System.Text;
using ArchGen.Samples.Router.Routing;

namespace ArchGen.Samples.Router.Tests.Routing;

public sealed class PromptReaderTests
{
    private static readonly RoutingOptions Small = new() { BlockCharacters = 16, MaxPromptBlocks = 8 };
    private static readonly string Long = new('x', 40);

    /// <summary>Two requests that begin in the same way have as many hashes in common as blocks.</summary>
    [Theory]
    [InlineData("""{"messages": [USER]}""", """{"messages": [USER, {"role": "assistant", "content": "LONG"}]}""", 2)]
    [InlineData("""{"prompt": "LONG"}""", """{"prompt": "LONGLONG", "seed": 5, "temperature": 1, "stream": true}""", 2)]
    [InlineData("""{"messages": [USER]}""", """{"messages": [{"role": "user", "content": [{"type": "text", "text": "LONG"}]}]}""", 2)]
    [InlineData("""{"input": "LONG", "instructions": "short"}""", """{"instructions": "short", "input": "LONG and more"}""", 2)]
    [InlineData("""{"system": "LONG", "messages": []}""", """{"system": [{"type": "text", "text": "LONG"}], "messages": [USER]}""", 2)]
    [InlineData("""{"prompt": "LONG", "model": "one"}""", """{"prompt": "LONG", "model": "two"}""", 0)]
    [InlineData("""{"messages": [USER], "tools": [{"a": "LONG"}]}""", """{"messages": [USER]}""", 0)]
    [InlineData("""{"messages": [USER]}""", """{"messages": [{"role": "tool", "content": "LONG"}]}""", 0)]
    [InlineData("""{"prompt": "xxxxxxxxLONG"}""", """{"prompt": "xxxxxxxyLONG"}""", 0)]
    public void Prompts_share_the_blocks_of_their_common_beginning(string first, string second, int shared)
    {
        var (a, b) = (Read(first), Read(second));
        Assert.Equal(shared, a.Zip(b).TakeWhile(pair => pair.First == pair.Second).Count());
        Assert.True(a.Length >= 2 && b.Length >= 2);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[1]")]
    [InlineData("{\"prompt\": \"LONG\"")]
    [InlineData("{\"text\": \"LONG\"}")]
    [InlineData("{\"prompt\": \"\\ud800LONG\"}")]
    [InlineData("{\"prompt\": \"short\"}")]
    public void What_has_no_prompt_has_no_blocks(string body) => Assert.Empty(Read(body));

    [Fact]
    public void Only_the_beginning_of_a_long_prompt_is_hashed() => Assert.Equal(8, Read($$"""{"prompt": "{{new string('y', 1000)}}"}""").Length);

    [Fact]
    public void A_chain_does_not_depend_on_the_parts_of_its_text()
    {
        var text = "The quick brown fox jumps over the lazy dog and runs away from all of them.";
        var whole = new PromptChain(16, 100);
        whole.Append(text);
        var parts = new PromptChain(16, 100);
        foreach (var character in text) parts.Append([character]);
        Assert.Equal(text.Length / 16, whole.Hashes.Length);
        Assert.Equal(whole.Hashes, parts.Hashes);
        Assert.Equal(whole.Hashes.Length, whole.Hashes.Distinct().Count());
    }

    private static ulong[] Read(string json) => PromptReader.Read(Encoding.UTF8.GetBytes(Expanded(json)), Small);

    private static string Expanded(string json) => json.Replace("USER", """{"role": "user", "content": "LONG"}""", StringComparison.Ordinal)
        .Replace("LONG", Long, StringComparison.Ordinal);
}
