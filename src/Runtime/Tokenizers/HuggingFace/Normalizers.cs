using System.Globalization;
using System.Text;
using ArchGen.Tokenizers.HuggingFace.Patterns;
using ArchGen.Tokenizers.Unicode;

namespace ArchGen.Tokenizers.HuggingFace;

/// <summary>The section <c>normalizer</c> of tokenizer.json: each of its kinds as a function from text to text.</summary>
internal static class Normalizers
{
    private const string Known =
        "BertNormalizer, ByteLevel, Lowercase, NFC, NFD, NFKC, NFKD, Nmt, Precompiled, Prepend, Replace, Sequence, Strip and StripAccents";

    public static Func<string, string>? Read(JsonSection section)
    {
        if (section.IsMissing) return null;
        switch (section.Type)
        {
            case "Sequence":
                var steps = section["normalizers"].Items().Select(Read).OfType<Func<string, string>>().ToArray();
                return text => steps.Aggregate(text, (current, step) => step(current));
            case "NFC": return text => UnicodeNormalizer.Compose(text, compatible: false);
            case "NFD": return text => UnicodeNormalizer.Decompose(text, compatible: false);
            case "NFKC": return text => UnicodeNormalizer.Compose(text, compatible: true);
            case "NFKD": return text => UnicodeNormalizer.Decompose(text, compatible: true);
            case "Lowercase": return Lowercase;
            case "StripAccents": return text => Ascii.IsValid(text) ? text : Map(text, rune => UnicodeNormalizer.IsMark(rune.Value) ? null : rune);
            case "Nmt": return text => Map(text, Nmt);
            case "ByteLevel": return text => ByteAlphabet.Encode(text);
            case "Strip": return Strip(section["strip_left"].Flag(missing: true), section["strip_right"].Flag(missing: true));
            case "Prepend":
                var prefix = section["prepend"].Text();
                return text => text.Length == 0 ? text : prefix + text;
            case "Replace": return Replace(section);
            case "Precompiled": return Precompiled(section["precompiled_charsmap"]);
            case "BertNormalizer": return Bert(section);
            default: throw section.UnknownType("normalizer", Known);
        }
    }

    /// <summary>The pattern of a Replace or a Split: a literal text, or a regular expression.</summary>
    public static Pattern ReadPattern(JsonSection pattern) => pattern["String"].TextOrNull() is { } text
        ? Pattern.Literal(text, pattern.Place)
        : new Pattern(pattern["Regex"].Text(), pattern.Place);

    public static Func<string, string> Replace(JsonSection section)
    {
        var content = section["content"].Text();
        if (section["pattern"]["String"].TextOrNull() is { Length: > 0 } literal) return text => text.Replace(literal, content, StringComparison.Ordinal);
        var pattern = ReadPattern(section["pattern"]);
        return text =>
        {
            List<(int Start, int End)> matches = [];
            pattern.FindAll(text, matches);
            if (matches.Count == 0) return text;
            StringBuilder result = new(text.Length);
            var done = 0;
            foreach (var (start, end) in matches)
            {
                result.Append(text, done, start - done).Append(content);
                done = end;
            }

            return result.Append(text, done, text.Length - done).ToString();
        };
    }

    private static Func<string, string> Precompiled(JsonSection section)
    {
        var bytes = new byte[section.TextOrNull()?.Length ?? 0];
        if (!Convert.TryFromBase64String(section.Text(), bytes, out var length)) throw section.Wrong("a text in base64");
        CharacterMap map = new(bytes.AsSpan(0, length), section.Place);
        return map.Normalize;
    }

    private static Func<string, string> Strip(bool left, bool right) => text => (left, right) switch
    {
        (true, true) => text.Trim(),
        (true, false) => text.TrimStart(),
        (false, true) => text.TrimEnd(),
        _ => text,
    };

    private static Func<string, string> Bert(JsonSection section)
    {
        var cleans = section["clean_text"].Flag(missing: true);
        var spaces = section["handle_chinese_chars"].Flag(missing: true);
        var lowercases = section["lowercase"].Flag(missing: true);
        var strips = section["strip_accents"].Flag(missing: lowercases);
        return text => Bert(text, cleans, spaces, strips, lowercases);
    }

    /// <summary>The normalization of BERT's own tokenizer (Devlin et al. 2018).</summary>
    public static string Bert(string text, bool cleans, bool spaces, bool strips, bool lowercases)
    {
        if (cleans) text = Map(text, Clean);
        if (spaces) text = SpaceIdeographs(text);
        if (strips && !Ascii.IsValid(text))
        {
            text = Map(UnicodeNormalizer.Decompose(text, compatible: false),
                rune => CharUnicodeInfo.GetUnicodeCategory(rune.Value) == UnicodeCategory.NonSpacingMark ? null : rune);
        }

        return lowercases ? Lowercase(text) : text;
    }

    private static Rune? Clean(Rune rune)
    {
        if (Rune.IsWhiteSpace(rune) && (rune.Value is '\t' or '\n' or '\r' || !Rune.IsControl(rune))) return new Rune(' ');
        if (rune.Value is 0 or 0xFFFD) return null;
        return CharUnicodeInfo.GetUnicodeCategory(rune.Value) is >= UnicodeCategory.Control and <= UnicodeCategory.PrivateUse ? null : rune;
    }

    private static Rune? Nmt(Rune rune) => rune.Value switch
    {
        (>= 1 and <= 8) or 0xB or (>= 0xE and <= 0x1F) or 0x7F or 0x8F or 0x9F => null,
        9 or 0xA or 0xC or 0xD or 0x1680 or (>= 0x200B and <= 0x200F) or 0x2028 or 0x2029 or 0x2581 or 0xFEFF or 0xFFFD => new Rune(' '),
        _ => rune,
    };

    private static string SpaceIdeographs(string text)
    {
        if (Ascii.IsValid(text)) return text;
        StringBuilder result = new(text.Length + 16);
        foreach (var rune in text.EnumerateRunes())
        {
            if (WordPieceTokenizer.IsIdeograph(rune.Value)) result.Append(' ').Append(rune).Append(' ');
            else result.Append(rune);
        }

        return result.ToString();
    }

    /// <summary>Every character separately, without its neighbours (a final sigma is mapped as any sigma).</summary>
    private static string Lowercase(string text)
    {
        if (Ascii.IsValid(text)) return text.ToLowerInvariant();
        StringBuilder result = new(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            // The one character whose lower case is two (SpecialCasing.txt).
            if (rune.Value == 0x130) result.Append("i\u0307");
            else result.Append(Rune.ToLowerInvariant(rune));
        }

        return result.ToString();
    }

    private static string Map(string text, Func<Rune, Rune?> map)
    {
        StringBuilder result = new(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (map(rune) is { } mapped) result.Append(mapped);
        }

        return result.ToString();
    }
}
