using System.Text;

namespace ArchGen.Tokenizers.HuggingFace;

/// <summary>The section <c>decoder</c> of tokenizer.json: each of its kinds as a function from tokens to the pieces of a text.</summary>
internal static class Decoders
{
    private const string Known = "BPEDecoder, ByteFallback, ByteLevel, CTC, Fuse, Metaspace, Replace, Sequence, Strip and WordPiece";

    public static Func<List<string>, List<string>>? Read(JsonSection section)
    {
        if (section.IsMissing) return null;
        switch (section.Type)
        {
            case "Sequence":
                var steps = section["decoders"].Items().Select(Read).OfType<Func<List<string>, List<string>>>().ToArray();
                return tokens => steps.Aggregate(tokens, (current, step) => step(current));
            case "ByteLevel": return ByteLevel;
            case "ByteFallback": return ByteFallback;
            case "Fuse": return tokens => [string.Concat(tokens)];
            case "Replace":
                var replace = Normalizers.Replace(section);
                return tokens => tokens.ConvertAll(token => replace(token));
            case "Metaspace": return Metaspace(section);
            case "Strip": return Strip(section);
            case "WordPiece": return WordPiece(section["prefix"].TextOrNull() ?? "##", section["cleanup"].Flag(missing: true));
            case "BPEDecoder":
                var suffix = section["suffix"].TextOrNull() ?? "</w>";
                return tokens => [.. tokens.Select((token, i) => Replaced(token, suffix, i == tokens.Count - 1 ? "" : " "))];
            case "CTC": return Ctc(section);
            default: throw section.UnknownType("decoder", Known);
        }
    }

    private static string Replaced(string text, string old, string by) => old.Length == 0 ? text : text.Replace(old, by, StringComparison.Ordinal);

    private static List<string> ByteLevel(List<string> tokens)
    {
        List<byte> bytes = [];
        foreach (var token in tokens)
        {
            var buffer = new byte[token.Length];
            bytes.AddRange(ByteAlphabet.TryDecode(token, buffer, out var length) ? buffer[..length] : Encoding.UTF8.GetBytes(token));
        }

        return [Encoding.UTF8.GetString([.. bytes])];
    }

    /// <summary>A run of byte tokens is a text if all of it is UTF-8; if not, each of them is U+FFFD.</summary>
    private static List<string> ByteFallback(List<string> tokens)
    {
        List<string> result = new(tokens.Count);
        List<byte> bytes = [];
        foreach (var token in tokens)
        {
            if (ByteTokens.Parse(token) is { } value)
            {
                bytes.Add(value);
                continue;
            }

            Flush();
            result.Add(token);
        }

        Flush();
        return result;

        void Flush()
        {
            if (bytes.Count == 0) return;
            byte[] utf8 = [.. bytes];
            if (System.Text.Unicode.Utf8.IsValid(utf8)) result.Add(Encoding.UTF8.GetString(utf8));
            else result.AddRange(Enumerable.Repeat("\uFFFD", utf8.Length));
            bytes.Clear();
        }
    }

    private static Func<List<string>, List<string>> Metaspace(JsonSection section)
    {
        var replacement = PreTokenizers.ReadCharacter(section["replacement"]).ToString();
        var first = PreTokenizers.PrependScheme(section) == "never" ? " " : "";
        return tokens => [.. tokens.Select((token, i) => Replaced(token, replacement, i == 0 ? first : " "))];
    }

    private static Func<List<string>, List<string>> Strip(JsonSection section)
    {
        var content = PreTokenizers.ReadCharacter(section["content"]).ToString();
        var (start, stop) = (section["start"].Number(int.MaxValue), section["stop"].Number(int.MaxValue));
        return tokens => tokens.ConvertAll(token =>
        {
            for (var i = 0; i < start && token.StartsWith(content, StringComparison.Ordinal); i++) token = token[content.Length..];
            for (var i = 0; i < stop && token.EndsWith(content, StringComparison.Ordinal); i++) token = token[..^content.Length];
            return token;
        });
    }

    private static Func<List<string>, List<string>> WordPiece(string prefix, bool cleansUp) => tokens => [.. tokens.Select((token, i) =>
    {
        if (i > 0) token = prefix.Length > 0 && token.StartsWith(prefix, StringComparison.Ordinal) ? token[prefix.Length..] : " " + token;
        return cleansUp ? CleanUp(token) : token;
    })];

    private static Func<List<string>, List<string>> Ctc(JsonSection section)
    {
        var padding = section["pad_token"].TextOrNull() ?? "<pad>";
        var delimiter = section["word_delimiter_token"].TextOrNull() ?? "|";
        var cleansUp = section["cleanup"].Flag(missing: true);
        return tokens =>
        {
            List<string> result = [];
            for (var i = 0; i < tokens.Count; i++)
            {
                if (i > 0 && tokens[i] == tokens[i - 1]) continue;
                var text = Replaced(tokens[i], padding, "");
                if (cleansUp) text = Replaced(CleanUp(text), delimiter, " ");
                if (text.Length > 0) result.Add(text);
            }

            return result;
        };
    }

    private static string CleanUp(string text)
    {
        if (!text.Contains(' ')) return text;
        foreach (var (old, by) in Cleanings) text = text.Replace(old, by, StringComparison.Ordinal);
        return text;
    }

    private static readonly (string Old, string By)[] Cleanings =
    [
        (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"), (" do not", " don't"), (" 's", "'s"),
        (" 've", "'ve"), (" 're", "'re"),
    ];
}
