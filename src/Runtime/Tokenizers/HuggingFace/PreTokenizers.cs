using System.Globalization;
using System.Text;
using ArchGen.Tokenizers.HuggingFace.Patterns;
using ArchGen.Tokenizers.Unicode;

namespace ArchGen.Tokenizers.HuggingFace;

/// <summary>Cuts a piece further, or rewrites it.</summary>
internal delegate void PreTokenizerStep(Piece piece, List<Piece> result);

/// <summary>The section <c>pre_tokenizer</c> of tokenizer.json: its kinds, each a list of steps done one after the other.</summary>
internal static class PreTokenizers
{
    private const string Known = "BertPreTokenizer, ByteLevel, CharDelimiterSplit, Digits, FixedLength, Metaspace, Punctuation, Sequence, Split, "
        + "UnicodeScripts, Whitespace and WhitespaceSplit";

    private const string ByteLevelPattern = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    public static List<PreTokenizerStep> Read(JsonSection section)
    {
        if (section.IsMissing) return [];
        switch (section.Type)
        {
            case "Sequence": return [.. section["pretokenizers"].Items().SelectMany(Read)];
            case "Split":
                var (pattern, behavior) = (Normalizers.ReadPattern(section["pattern"]), PieceSplitter.ReadBehavior(section["behavior"]));
                return [SplitAt(pattern, behavior, section["invert"].Flag(missing: false))];
            case "ByteLevel": return ByteLevel(section);
            case "Metaspace": return Metaspace(section);
            case "Digits":
                return [SplitAt(Rune.IsNumber, section["individual_digits"].Flag(missing: false) ? SplitBehavior.Isolated : SplitBehavior.Contiguous)];
            case "Punctuation": return [SplitAt(IsPunctuation, PieceSplitter.ReadBehavior(section["behavior"], SplitBehavior.Isolated))];
            case "Whitespace": return [SplitAt(new Pattern(@"\w+|[^\w\s]+", section.Place), SplitBehavior.Removed, invert: true)];
            case "WhitespaceSplit": return [SplitAt(Rune.IsWhiteSpace, SplitBehavior.Removed)];
            case "BertPreTokenizer": return [SplitAt(Rune.IsWhiteSpace, SplitBehavior.Removed), SplitAt(IsPunctuation, SplitBehavior.Isolated)];
            case "CharDelimiterSplit":
                var delimiter = ReadCharacter(section["delimiter"]);
                return [SplitAt(rune => rune == delimiter, SplitBehavior.Removed)];
            case "UnicodeScripts": return [SplitByScript];
            case "FixedLength": return [FixedLength(section["length"].IsMissing ? 5 : Math.Max(1, section["length"].Number(1 << 24)))];
            default: throw section.UnknownType("pre-tokenizer", Known);
        }
    }

    public static Rune ReadCharacter(JsonSection section)
    {
        var text = section.Text();
        return Rune.DecodeFromUtf16(text, out var rune, out var length) == System.Buffers.OperationStatus.Done && length == text.Length
            ? rune
            : throw section.Wrong("one character");
    }

    private static bool IsPunctuation(Rune rune) => rune.IsAscii
        ? char.IsAscii((char)rune.Value) && rune.Value > ' ' && rune.Value < 127 && !char.IsAsciiLetterOrDigit((char)rune.Value)
        : CharUnicodeInfo.GetUnicodeCategory(rune.Value) is >= UnicodeCategory.ConnectorPunctuation and <= UnicodeCategory.OtherPunctuation;

    private static PreTokenizerStep SplitAt(Pattern pattern, SplitBehavior behavior, bool invert) => (piece, result) =>
    {
        List<(int, int)> matches = [];
        pattern.FindAll(piece.Span, matches);
        PieceSplitter.Split(piece, matches, behavior, invert, result);
    };

    private static PreTokenizerStep SplitAt(Func<Rune, bool> isMatch, SplitBehavior behavior) => (piece, result) =>
    {
        List<(int, int)> matches = [];
        var at = 0;
        foreach (var rune in piece.Span.EnumerateRunes())
        {
            if (isMatch(rune)) matches.Add((at, at + rune.Utf16SequenceLength));
            at += rune.Utf16SequenceLength;
        }

        PieceSplitter.Split(piece, matches, behavior, invert: false, result);
    };

    private static List<PreTokenizerStep> ByteLevel(JsonSection section)
    {
        List<PreTokenizerStep> steps = [];
        if (section["add_prefix_space"].Flag(missing: true))
        {
            steps.Add((piece, result) => result.Add(piece.Span is [' ', ..] ? piece : Rewritten(" " + piece, piece)));
        }

        if (section["use_regex"].Flag(missing: true)) steps.Add(SplitAt(new Pattern(ByteLevelPattern, section.Place), SplitBehavior.Isolated, invert: false));
        steps.Add((piece, result) => result.Add(Rewritten(ByteAlphabet.Encode(piece.Span), piece)));
        return steps;
    }

    private static List<PreTokenizerStep> Metaspace(JsonSection section)
    {
        var replacement = ReadCharacter(section["replacement"]).ToString();
        var scheme = PrependScheme(section);
        List<PreTokenizerStep> steps =
        [
            (piece, result) =>
            {
                var text = piece.ToString().Replace(" ", replacement, StringComparison.Ordinal);
                var prepends = scheme == "always" || (scheme == "first" && piece.Begins);
                result.Add(Rewritten(prepends && !text.StartsWith(replacement, StringComparison.Ordinal) ? replacement + text : text, piece));
            },
        ];
        if (section["split"].Flag(missing: true)) steps.Add(SplitAt(Pattern.Literal(replacement, section.Place), SplitBehavior.MergedWithNext, invert: false));
        return steps;
    }

    /// <summary>When Metaspace puts its character before a text: <c>always</c>, <c>first</c> or <c>never</c>.</summary>
    public static string PrependScheme(JsonSection section)
    {
        var scheme = section["prepend_scheme"].TextOrNull() ?? "always";
        if (scheme is not ("always" or "first" or "never")) throw section["prepend_scheme"].Wrong("always, first or never");
        if (section["add_prefix_space"].Flag(missing: true)) return scheme;
        if (section["prepend_scheme"].IsMissing || scheme == "never") return "never";
        throw section["prepend_scheme"].Wrong("never, as add_prefix_space is false,");
    }

    private static void SplitByScript(Piece piece, List<Piece> result)
    {
        var (start, at) = (0, 0);
        string? last = null;
        foreach (var rune in piece.Span.EnumerateRunes())
        {
            // A space belongs to any script; kana are counted with the ideographs beside them.
            var script = rune.Value switch
            {
                ' ' => null,
                0x30FC => "Han",
                _ => UnicodeScripts.Of(rune.Value) is "Hiragana" or "Katakana" ? "Han" : UnicodeScripts.Of(rune.Value) ?? "Any",
            };
            if (script is "Any") script = null;
            if (script is not null && script != last)
            {
                // Text before the first script is lost, as in the reference.
                if (last is not null) result.Add(piece.Slice(start, at));
                start = at;
            }

            last = script ?? last;
            at += rune.Utf16SequenceLength;
        }

        if (last is not null) result.Add(piece.Slice(start, at));
    }

    private static PreTokenizerStep FixedLength(int length) => (piece, result) =>
    {
        var (start, at, count) = (0, 0, 0);
        foreach (var rune in piece.Span.EnumerateRunes())
        {
            at += rune.Utf16SequenceLength;
            if (++count % length != 0) continue;
            result.Add(piece.Slice(start, at));
            start = at;
        }

        if (start < at) result.Add(piece.Slice(start, at));
    };

    private static Piece Rewritten(string text, Piece piece) => new(text, 0, text.Length, piece.Begins);
}
