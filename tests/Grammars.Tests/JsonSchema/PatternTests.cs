using System.Text;
using ArchGen.Grammars.JsonSchema;
using ArchGen.Grammars.JsonSchema.Patterns;
using ArchGen.Grammars.JsonSchema.Sets;
using ArchGen.Grammars.Regexes;

namespace ArchGen.Grammars.Tests.JsonSchema;

/// <summary>Patterns against .NET's regular expressions, on all short strings.</summary>
public sealed class PatternTests
{
    private static readonly string[] Patterns =
    [
        "", "a", "^a", "a$", "^a$", "ab|b", "^ab|b$", "^(ab|b)$", "a*", "^a*$", "^a+b?$", "^(a|b){2}$", "^(a|b){2,}$", "^(a|b){1,2}$", "^a*?b+?$", "^[ab]+$",
        "^[^a]+$", "^[a-b1]$", "^\\d+$", "^\\D+$", "^\\w$", "^\\W$", "\\s", "^\\S*$", "^.$", "^(?!a)", "^(?!ab).*$", "^(?=a).b", "(?=ab)a", "(?!a)b",
        "^((?!ab).)*$", "a{1,3}", "a{2,3}b{0,2}", "(a{2,3}|b+)", "a?b{2,}$", "^a{1,2}", "(a{2,5}1?)",
        "^((?!a)(?!b).)*$", "(^a|b$)", "(^|a)b", "a($|b)", "^^a$$", "a{0}b", "^a{2}$", "^(?:a)(b)$", "^(?<n>a)b$", "^a\\.b$", "^[\\]a]$",
        "^[a\\-b]$", "^\\x61\\u0062$", "^(a|)b$", "^$", "$^", "a^", "$a", "^(?!(a|b)$)", "^(?!a$|b$)[ab]+$", "^a|", "^(?:a?b){2}$", "^\\t$", "^\\\\$", "^\"$",
    ];

    public static TheoryData<string> Names => [.. Patterns];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_pattern_matches_what_it_matches_elsewhere(string pattern)
    {
        var (builder, set) = Compile(pattern);
        System.Text.RegularExpressions.Regex expected = new(pattern);
        // .NET's $ also matches before a line feed at the end; none is among the characters.
        foreach (var text in Strings("ab1. \t\\\"", 3)) Assert.True(Matches(builder, set, text) == expected.IsMatch(text), $"/{pattern}/ on '{text}'");
    }

    [Fact]
    public void Characters_are_code_points()
    {
        foreach (var (pattern, text, matches) in new[]
        {
            ("^.$", "😀", true), ("^..$", "😀", false), ("^[😀-😂]$", "😁", true), ("^\\u{1F601}$", "😁", true), ("^\\uD83D\\uDE01$", "😁", true),
            ("^[^a]$", "😁", true), ("^\\p{L}+$", "äöß", true), ("^\\p{L}+$", "ä1", false), ("^\\P{L}$", "1", true), ("^\\p{Lu}$", "Ä", true),
            ("^\\p{Lu}$", "ä", false), ("^\\w$", "ä", false),
            ("^[]$", "a", false), ("^[^]$", "a", true), ("^[\\w-.]+$", "a-.", true), ("^[a-\\d]+$", "a-7", true), ("^[a-\\d]$", "b", false),
            ("^[[:x]$", ":", true), ("^a{,2}$", "a{,2}", true), ("^\\p{Uppercase_Letter}$", "Ä", true), ("^\\ä$", "ä", true),
            ("^[^\\uD800-\\uDFFF]+$", "a😁", true), ("^\\x41$", "A", true),
            ("^\\s$", "\u00A0", true), ("^\\d$", "٣", false), ("^\\cA$", "\u0001", true),
        })
        {
            var (builder, set) = Compile(pattern);
            Assert.True(Matches(builder, set, text) == matches, $"/{pattern}/ on '{text}'");
        }
    }

    [Theory]
    [InlineData("(a)\\1", "backreference")]
    [InlineData("a\\b", "word boundary")]
    [InlineData("(?<=a)b", "lookbehind")]
    [InlineData("(?i)a", "flags")]
    [InlineData("a++", "possessive")]
    [InlineData("[a", "has no ]")]
    [InlineData("(a", "without its )")]
    [InlineData("a)", "without its (")]
    [InlineData("*a", "nothing before")]
    [InlineData("a{3,2}", "more at least")]
    [InlineData("[b-a]", "ends before it begins")]
    [InlineData("\\p{Nonsense}", "Nonsense")]
    [InlineData("\\Z", "\\Z")]
    [InlineData("a\\", "nothing follows")]
    [InlineData("a{1000000}", "greater than")]
    [InlineData("(^a)*b", "inside a repetition")]
    [InlineData("a**", "quantifier follows")]
    [InlineData("(?i:a)", "flags")]
    [InlineData("\\pL", "property")]
    public void What_is_not_supported_is_said(string pattern, string word)
    {
        var error = Assert.Throws<SchemaException>(() => Compile(pattern));
        Assert.Contains(word, error.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("b", "abc,b", "", "ac")]
    [InlineData("^b", "bc,b", "ab")]
    [InlineData("b$", "ab,b", "bc")]
    [InlineData("^a|b$", "ax,xb,a", "xa", "bx")]
    [InlineData("^$", "", "a")]
    [InlineData("(^|x)y", "y,yz,axy", "ay", "x")]
    [InlineData("y($|x)", "y,ay,yxz", "ya")]
    [InlineData("x*^y", "y,yz", "xy", "")]
    [InlineData("\\d", "1", "١")]
    [InlineData("^\\S+$", "ab", "a b", "a\u2028")]
    public void A_pattern_is_found_anywhere(string pattern, string matching, params string[] others)
    {
        var (builder, set) = Compile(pattern);
        foreach (var text in matching.Split(',')) Assert.True(Matches(builder, set, text), $"/{pattern}/ on '{text}'");
        foreach (var text in others) Assert.False(Matches(builder, set, text), $"/{pattern}/ on '{text}'");
    }

    [Fact]
    public void Hostile_patterns_end_with_a_message()
    {
        string[] patterns =
        [
            new string('(', 5000), new string('^', 5000), string.Concat(Enumerable.Repeat("(?=a", 150)), new string('a', 30_000), "((a{9999}){9999}){9999}b",
        ];
        foreach (var pattern in patterns)
        {
            try
            {
                Compile(pattern);
            }
            catch (SchemaException exception)
            {
                Assert.NotEmpty(exception.Reason);
            }
        }
    }

    private static (RegexBuilder Builder, StringSet Set) Compile(string pattern)
    {
        RegexBuilder builder = new();
        return (builder, new PatternCompiler(builder, new StringSets(builder)).Compile(pattern));
    }

    private static bool Matches(RegexBuilder builder, StringSet set, string text) =>
        builder.Matches(set.Regex, Encoding.UTF8.GetBytes(JsonCharacters.Spell(text)));

    private static IEnumerable<string> Strings(string alphabet, int length)
    {
        IEnumerable<string> all = [""];
        for (var i = 0; i < length; i++)
        {
            var longest = all.Where(text => text.Length == i).ToArray();
            all = [.. all, .. longest.SelectMany(text => alphabet.Select(character => text + character))];
        }

        return all;
    }
}
