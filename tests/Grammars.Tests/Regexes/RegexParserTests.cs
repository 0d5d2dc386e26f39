using System.Text;
using ArchGen.Grammars.Regexes;

namespace ArchGen.Grammars.Tests.Regexes;

public sealed class RegexParserTests
{
    [Theory]
    [InlineData("abc", "abc", "", "ab", "abcd", "ABC")]
    [InlineData("a|bc|", "a,bc,", "b", "abc")]
    [InlineData("[a-c]{2,3}", "ab,abc", "a", "abca", "ad")]
    [InlineData("(?:ab)+?c??", "ab,abab,ababc", "", "c")]
    [InlineData("\\d{3}-\\d{4}", "555-1234", "5551234", "555-123x")]
    [InlineData("[^x]", "a,é,🙂", "x", "", "ab")]
    [InlineData("\\x41\\u0042\\u{1F642}\\uD83D\\uDE42", "AB🙂🙂", "AB🙂")]
    [InlineData("\\p{Lu}\\P{Lu}\\p{Greek}", "ÄäΩ", "ääΩ", "Äää")]
    [InlineData("(?i)straße|k", "STRAßE,K,k,\u212A", "x")]
    [InlineData("(?i:a)b", "ab,Ab", "aB")]
    [InlineData("a{,b}a{x}", "a{,b}a{x}", "ab")]
    [InlineData("(?<name>a)(?P<other>b)", "ab", "a")]
    [InlineData("[\\]\\-\\\\a-]+", "]-\\a-", "b")]
    [InlineData("\\.\\/\\$", "./$", "x/$")]
    [InlineData("a.c", "abc,aéc,a🙂c", "a\nc")]
    [InlineData("(?s)a.c", "a\nc", "ac")]
    public void A_pattern_matches_whole_texts(string pattern, string matching, params string[] others)
    {
        foreach (var text in matching.Split(',')) AssertMatch(pattern, pattern == "a{,b}a{x}" ? matching : text, true);
        foreach (var text in others) AssertMatch(pattern, text, false);
    }

    [Theory]
    [InlineData("a(?=b)", 2, "lookaround")]
    [InlineData("ab(?<!b)", 3, "lookaround")]
    [InlineData("(a)\\1", 4, "backreference")]
    [InlineData("\\bword", 1, "word boundary")]
    [InlineData("a*+", 3, "possessive")]
    [InlineData("(?>a)", 1, "atomic")]
    [InlineData("a**", 3, "quantifier follows")]
    [InlineData("*a", 1, "nothing before")]
    [InlineData("(a", 1, "without its )")]
    [InlineData("a)", 2, "without its (")]
    [InlineData("[a", 1, "has no ]")]
    [InlineData("[]a]", 2, "begins with ]")]
    [InlineData("[z-a]", 2, "ends before it begins")]
    [InlineData("a{3,2}", 2, "more at least")]
    [InlineData("\\p{Foo}", 1, "property")]
    [InlineData("\\q", 1, "known escape")]
    [InlineData("a\\", 2, "nothing follows")]
    [InlineData("(?x)a", 3, "flag x")]
    [InlineData("(^a){3}", 1, "anchor")]
    [InlineData("\\uD800", 1, "surrogate")]
    [InlineData("a{99999999999}", 2, "count")]
    [InlineData("[[:alpha:]]", 2, "different things")]
    public void What_is_not_supported_is_refused_with_its_place(string pattern, int column, string reason)
    {
        RegexBuilder builder = new();
        var error = Assert.Throws<RequestException>(() => RegexParser.Parse(builder, pattern, RegexSyntax.Unicode));
        Assert.Contains($"line 1, column {column}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.EndsWith($"\n    {pattern}\n    {new string(' ', column - 1)}^", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(a{1000}){1000}")]
    [InlineData("(a{0,1000}){0,1000}")]
    [InlineData("((((a*)*)*)*)*")]
    [InlineData("(a|b|ab)*c{100000}")]
    [InlineData("(.*a){50}")]
    public void Hostile_patterns_end_in_a_language_or_a_message(string pattern)
    {
        RegexBuilder builder = new(new RegexLimits { Nodes = 20_000 });
        var regex = RegexParser.Parse(builder, pattern, RegexSyntax.Unicode);
        try
        {
            builder.Matches(regex, Encoding.UTF8.GetBytes(new string('a', 3000)));
        }
        catch (RequestException error)
        {
            Assert.Contains("parts", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Deep_nesting_and_great_length_are_refused()
    {
        RegexBuilder builder = new();
        var deep = Assert.Throws<RequestException>(() => RegexParser.Parse(builder, new string('(', 100_000), RegexSyntax.Unicode));
        Assert.Contains("nested", deep.Message, StringComparison.Ordinal);
        var length = Assert.Throws<RequestException>(() => RegexParser.Parse(builder, new string('a', 2_000_000), RegexSyntax.Unicode));
        Assert.Contains("longer", length.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Random_patterns_match_what_dotnet_matches()
    {
        Random random = new(5);
        for (var i = 0; i < 250; i++)
        {
            var pattern = Pattern(random, 3);
            RegexBuilder builder = new();
            Regex regex;
            try
            {
                regex = RegexParser.Parse(builder, pattern, RegexSyntax.Unicode);
            }
            catch (RequestException)
            {
                continue;
            }

            System.Text.RegularExpressions.Regex other = new($"\\A(?:{pattern})\\z", System.Text.RegularExpressions.RegexOptions.CultureInvariant);
            foreach (var text in NaiveExpression.AllStrings(5))
            {
                Assert.True(builder.Matches(regex, Encoding.UTF8.GetBytes(text)) == other.IsMatch(text), $"{pattern} on '{text}'");
            }
        }
    }

    private static string Pattern(Random random, int depth)
    {
        if (depth == 0) return ((string[])["a", "b", "[ab]", "[^a]", ".", "^", "$", "c"])[random.Next(8)];
        return random.Next(6) switch
        {
            0 => $"({Pattern(random, depth - 1)}|{Pattern(random, depth - 1)})",
            1 => $"(?:{Pattern(random, depth - 1)}){((string[])["*", "+", "?", "{2}", "{1,3}", "{2,}"])[random.Next(6)]}",
            2 => Pattern(random, 0),
            _ => Pattern(random, depth - 1) + Pattern(random, depth - 1),
        };
    }

    private static void AssertMatch(string pattern, string text, bool expected)
    {
        RegexBuilder builder = new();
        var regex = RegexParser.Parse(builder, pattern, RegexSyntax.Unicode);
        Assert.True(builder.Matches(regex, Encoding.UTF8.GetBytes(text)) == expected, $"{pattern} on '{text}' should be {expected}");
    }
}
