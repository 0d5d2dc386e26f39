using System.Globalization;
using System.Text;
using ArchGen.Tokenizers;

namespace ArchGen.Tools.Conversion.Vocabulary;

/// <summary>
/// RWKV's vocabulary file: per line an id, a token as a Python literal and its length in bytes. GGUF writes a token as Python's <c>repr</c> of its bytes,
/// without the quotes; id 0, which the file leaves out, ends a text.
/// </summary>
internal static class RwkvVocabulary
{
    /// <summary>The id of the blank line, the end of turn.</summary>
    public const uint EndOfTurn = 261;

    public static TokenList Tokens(string file, int? vocabSize)
    {
        var lines = TokenizerFolder.ReadLines(file);
        TokenList tokens = new(vocabSize ?? lines.Length + 1, file);
        tokens.Set(0, "<s>", 0, TokenType.Control);
        for (var i = 0; i < lines.Length; i++)
        {
            var (begin, end) = (lines[i].IndexOf(' '), lines[i].LastIndexOf(' '));
            if (begin <= 0 || end <= begin || !int.TryParse(lines[i].AsSpan(0, begin), NumberStyles.None, CultureInfo.InvariantCulture, out var id) || id < 1
                || !int.TryParse(lines[i].AsSpan(end + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var length))
            {
                throw Fault("id, token and length");
            }

            var bytes = PythonLiteral.Parse(lines[i].AsSpan(begin + 1, end - begin - 1)) ?? throw Fault("the token as a Python literal, 'text' or b'bytes'");
            if (bytes.Length != length) throw Fault($"{bytes.Length} as the length of the token");
            tokens.Set(id, PythonLiteral.Write(bytes), 0, TokenType.Normal);

            ModelFileException Fault(string expected) =>
                new($"{file}: line {i + 1} is {Gguf.MessageText.Quote(lines[i])}, expected {expected}. Download the file again.");
        }

        return tokens;
    }
}
