using ArchGen.Runtime.Generation;

namespace ArchGen.Runtime.Tests.Generation;

/// <summary>Texts that end a text, divided in any way.</summary>
public sealed class StopMatcherTests
{
    [Theory]
    [InlineData("Hello world. Stop here", "Stop", "Hello world. ")]
    [InlineData("aaab", "aab", "a")]
    [InlineData("abababc", "ababc", "ab")]
    [InlineData("no such text", "STOP", "no such text")]
    [InlineData("ends with a beginning ST", "STOP", "ends with a beginning ST")]
    [InlineData("STOP", "STOP", "")]
    [InlineData("\n\nUser: hi", "\nUser:", "\n")]
    [InlineData("x😀y😀", "😀y", "x")]
    [InlineData("one two three", "three¦two", "one ")]
    [InlineData("abcd", "abcd¦bc", "a")]
    [InlineData("xabc", "c¦bc¦abc", "x")]
    [InlineData("abcab", "abcabc¦ca", "ab")]
    [InlineData("<|im_end|>", "<|im_end|>¦<|im_start", "")]
    public void Every_division_gives_the_text_before_the_stop(string text, string stops, string expected)
    {
        var texts = stops.Split('¦');
        for (var division = 0; division < 1 << Math.Min(text.Length - 1, 12); division++)
        {
            Assert.Equal(expected, Read(texts, text, division, keepsText: false, out var found));
            Assert.Equal(expected.Length < text.Length, found is not null);
            Assert.Equal(expected + found, Read(texts, text, division, keepsText: true, out _));
        }
    }

    [Fact]
    public void Random_texts_end_where_a_search_of_the_whole_finds_them()
    {
        Random random = new(7);
        string Some(int length) => string.Concat(Enumerable.Range(0, length).Select(_ => (char)('a' + random.Next(2))));
        for (var round = 0; round < 3000; round++)
        {
            string[] stops = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Some(random.Next(1, 6)))];
            var text = Some(random.Next(1, 30));

            // The stop that is complete first, and of those the longest.
            var end = Enumerable.Range(1, text.Length).FirstOrDefault(n => stops.Any(stop => text[..n].EndsWith(stop, StringComparison.Ordinal)));
            var stop = end == 0 ? null : stops.Where(s => text[..end].EndsWith(s, StringComparison.Ordinal)).MaxBy(s => s.Length);
            var expected = stop is null ? text : text[..(end - stop.Length)];
            Assert.Equal(expected, Read(stops, text, random.Next(), keepsText: false, out var found));
            Assert.Equal(stop, found);
        }
    }

    [Fact]
    public void Text_that_cannot_be_part_of_a_stop_is_passed_on_at_once()
    {
        StopMatcher matcher = new(["STOP", "\n\n"]);
        string[] parts = ["a S", "T", "O", "x", "\n", "y"];
        Assert.Equal(["a ", "", "", "STOx", "", "\ny"], parts.Select(matcher.Append));
        Assert.Equal("", matcher.Append("\n"));
        Assert.Equal("\n", matcher.Flush());
        Assert.Null(matcher.Found);
    }

    [Fact]
    public void What_follows_a_stop_is_dropped()
    {
        StopMatcher matcher = new(["."]);
        Assert.Equal("a", matcher.Append("a.b"));
        Assert.Equal("", matcher.Append("c"));
        Assert.Equal("", matcher.Flush());
        Assert.Equal(".", matcher.Found);
    }

    [Fact]
    public void Stops_that_are_no_texts_are_refused()
    {
        Assert.Contains("empty", Assert.Throws<RequestException>(() => new StopMatcher(["a", ""])).Message);
        Assert.Contains("half of a character", Assert.Throws<RequestException>(() => new StopMatcher(["\uDE00a"])).Message);
        Assert.Contains("half of a character", Assert.Throws<RequestException>(() => new StopMatcher(["a\uD83D"])).Message);
        Assert.Equal("abc", new StopMatcher([]).Append("abc"));
    }

    // Bit i of the division ends a part after character i.
    private static string Read(string[] stops, string text, int division, bool keepsText, out string? found)
    {
        StopMatcher matcher = new(stops, keepsText);
        var (result, begin) = ("", 0);
        for (var i = 0; i < text.Length; i++)
        {
            if (i < text.Length - 1 && ((division >> (i % 30)) & 1) == 0) continue;
            result += matcher.Append(text[begin..(i + 1)]);
            begin = i + 1;
        }

        result += matcher.Flush();
        found = matcher.Found;
        return result;
    }
}
