using System.Text;
using ArchGen.Grammars.Vocabularies;

namespace ArchGen.Grammars.Tests;

/// <summary>Texts held against a grammar, byte by byte.</summary>
internal static class Texts
{
    /// <summary>A token for each byte, some of several bytes, two control tokens, and one that ends a text.</summary>
    public static TokenVocabulary Vocabulary { get; } = MakeVocabulary();

    /// <summary>The token that ends a text.</summary>
    public const int End = 256;

    /// <summary>A control token.</summary>
    public const int Tool = 257;

    /// <summary>Another control token.</summary>
    public const int Think = 258;

    /// <summary>Whether the grammar accepts a text as a whole.</summary>
    public static bool Accepts(CompiledGrammar grammar, string text)
    {
        GrammarMatcher matcher = new(grammar, Vocabulary);
        foreach (var value in Encoding.UTF8.GetBytes(text))
        {
            if (!matcher.TryAccept(value)) return false;
        }

        Assert.Null(matcher.Error);
        return matcher.CanEnd;
    }

    /// <summary>The tokens that a mask allows.</summary>
    public static List<int> Allowed(GrammarMatcher matcher, TokenVocabulary? vocabulary = null)
    {
        var count = (vocabulary ?? Vocabulary).Count;
        var mask = new uint[(count + 31) / 32];
        matcher.ComputeMask(mask);
        return [.. Enumerable.Range(0, count).Where(token => (mask[token / 32] >> (token % 32) & 1) != 0)];
    }

    private static TokenVocabulary MakeVocabulary()
    {
        List<byte[]?> tokens = [];
        for (var value = 0; value < 256; value++) tokens.Add([(byte)value]);
        tokens.AddRange([null, null, null]);
        string[] texts = ["ab", "abc", "\":", "\",", "{\"", "\"}", "}}", "true", " the", "é", "123", "  ", "\n\n", "ab"];
        foreach (var text in texts) tokens.Add(Encoding.UTF8.GetBytes(text));
        return new([.. tokens], [End]);
    }
}
