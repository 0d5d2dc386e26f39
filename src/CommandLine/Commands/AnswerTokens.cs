using System.Text;
using ArchGen.Tokenizers;

namespace ArchGen.CommandLine.Commands;

/// <summary>The tokens of an answer: of a text that continues a prompt, before which no tokenizer puts the space that it puts before a text.</summary>
internal static class AnswerTokens
{
    private const string Before = "\n";

    public static int[] Of(Tokenizer tokenizer, string text)
    {
        var tokens = tokenizer.Encode(text, addSpecial: false, parseSpecial: false);
        if (IsExact(tokenizer, tokens, text)) return tokens;
        var start = tokenizer.Encode(Before, addSpecial: false, parseSpecial: false);
        var all = tokenizer.Encode(Before + text, addSpecial: false, parseSpecial: false);
        var rest = all.AsSpan().StartsWith(start) ? all[start.Length..] : tokens;
        return IsExact(tokenizer, rest, text) ? rest : tokens;
    }

    private static bool IsExact(Tokenizer tokenizer, int[] tokens, string text)
    {
        List<byte> bytes = [];
        foreach (var token in tokens) bytes.AddRange(tokenizer.Piece(token, special: false));
        return bytes.ToArray().AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(text));
    }
}
