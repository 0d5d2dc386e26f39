using System.Text;
using ArchGen.Samples.Router.Proxy;

namespace ArchGen.Samples.Router.Tests.Proxy;

public sealed class CacheReportTests
{
    [Theory]
    [InlineData(null, """{"usage": {"prompt_tokens": 90, "completion_tokens": 1, "prompt_tokens_details": {"cached_tokens": 40}}}""", 40, 90, 1)]
    [InlineData(null, """data: {"usage":{"prompt_tokens":7,"prompt_tokens_details":{"cached_tokens":5}}}""", 5, 7, null)]
    [InlineData(null, """{"usage": {"cache_read_input_tokens": 30, "input_tokens": 12, "output_tokens": 6}}""", 30, 42, 6)]
    [InlineData(null, """{"content": "\"cached_tokens\": 9", "usage": {"prompt_tokens_details": {"cached_tokens": 4}, "prompt_tokens": 8}}""", 4, 8, null)]
    [InlineData("17", "no usage", 17, null, null)]
    [InlineData("17/20", "no usage", 17, 20, null)]
    public void The_usage_or_a_header_is_read(string? header, string tail, int cached, int? prompt, int? answer) =>
        Assert.Equal((cached, prompt, answer), CacheReport.Read(header, tail));

    [Theory]
    [InlineData(null, "")]
    [InlineData("many", "nothing")]
    [InlineData(null, """{"content": "\"cached_tokens\": 9"}""")]
    [InlineData(null, """{"usage": {"prompt_tokens": 90}}""")]
    public void What_is_not_stated_is_not_known(string? header, string tail) => Assert.Null(CacheReport.Read(header, tail));

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(5000)]
    [InlineData(20_000)]
    public async Task The_tail_is_the_end_of_what_passes(int part)
    {
        var text = string.Concat(Enumerable.Range(0, 4000).Select(i => $"{i} "));
        using var inner = new MemoryStream();
        await using var tail = new ResponseTail(inner);
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var at = 0; at < bytes.Length; at += part) await tail.WriteAsync(bytes.AsMemory(at, Math.Min(part, bytes.Length - at)));
        Assert.Equal(bytes, inner.ToArray());
        Assert.Equal(text[^4096..], tail.Text);
    }
}
