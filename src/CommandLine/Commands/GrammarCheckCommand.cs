using System.CommandLine;
using System.Text;
using ArchGen.CommandLine.Options;
using ArchGen.CommandLine.Texts;
using ArchGen.Grammars;
using ArchGen.Tokenizers;

namespace ArchGen.CommandLine.Commands;

/// <summary><c>archgen grammar check</c>: whether a text is accepted, and if not, where and what was expected.</summary>
internal static class GrammarCheckCommand
{
    public static Command Create(Terminal terminal)
    {
        var model = new ModelChoice(TokenizerFile.Description);
        var schema = new Option<string?>("--schema") { Description = "A JSON schema.", HelpName = "FILE" };
        var regex = new Option<string?>("--regex") { Description = "A regular expression, which the whole text must match.", HelpName = "PATTERN" };
        var gbnf = new Option<string?>("--gbnf") { Description = "A grammar as llama.cpp writes it.", HelpName = "FILE" };
        var lark = new Option<string?>("--lark") { Description = "A grammar as llguidance writes it, after Lark.", HelpName = "FILE" };
        var text = new Option<string>("--text")
        {
            Description = "The text; - is standard input. A line feed at its end is left out, since editors add one.",
            HelpName = "FILE",
            Required = true,
        };
        var command = new ExampleCommand(
            "check",
            "Says whether a text is accepted, token by token as a model would write it. If not, it prints the token, and what was expected; the exit code is "
            + "then 1.",
            "grammar check model.gguf --schema person.json --text answer.json",
            "grammar check tokenizer.json --regex \"[0-9]{4}-[0-9]{2}\" --text date.txt",
            "grammar check ./Qwen3-0.6B --gbnf list.gbnf --text - < answer.txt")
        {
            model.All, schema, regex, gbnf, lark, text,
        };
        command.SetAction((parsed, cancellation) =>
        {
            cancellation.ThrowIfCancellationRequested();
            Option<string?>[] kinds = [schema, regex, gbnf, lark];
            if (kinds.Where(kind => parsed.GetValue(kind) is not null).ToArray() is not [var kind])
            {
                throw new RequestException("Give one of --schema, --regex, --gbnf and --lark.");
            }

            var path = model.Path(parsed);
            var given = parsed.GetValue(kind)!;
            if (kind != regex) given = terminal.ReadText(given, kind == schema ? "a JSON schema" : "a grammar");
            var answer = terminal.ReadText(parsed.GetValue(text)!, "a text");
            var tokenizer = TokenizerFile.Open(path, terminal, out _);
            var grammar = kind == schema ? CompiledGrammar.FromJsonSchema(given)
                : kind == regex ? CompiledGrammar.FromRegex(given)
                : kind == gbnf ? CompiledGrammar.FromGbnf(given, tokenizer)
                : CompiledGrammar.FromLark(given, tokenizer);
            return Task.FromResult(Check(new(grammar, tokenizer), tokenizer, WithoutLastLineFeed(answer), terminal.Out, cancellation));
        });
        return command;
    }

    private static int Check(GrammarMatcher matcher, Tokenizer tokenizer, string text, TextWriter output, CancellationToken cancellation)
    {
        var tokens = AnswerTokens.Of(tokenizer, text);
        List<byte> read = [];
        foreach (var token in tokens)
        {
            cancellation.ThrowIfCancellationRequested();
            var piece = tokenizer.Piece(token, special: true);
            if (matcher.TryAccept(token))
            {
                read.AddRange(piece);
                continue;
            }

            if (matcher.Error is { } error) throw new RequestException(error);
            var (line, column) = Position(read);
            output.WriteLine($"Refused at token {matcher.Count + 1} of {tokens.Length}, {Quoted(piece)}, in line {line}, column {column}.");
            output.WriteLine(Expected(matcher, tokenizer));
            return 1;
        }

        if (!matcher.CanEnd)
        {
            output.WriteLine($"Refused at the end, after {tokens.Length} tokens: the text is not complete.");
            output.WriteLine(Expected(matcher, tokenizer));
            return 1;
        }

        output.WriteLine($"Accepted: {tokens.Length} tokens.");
        return 0;
    }

    /// <summary>The shortest tokens that may come next, of at most so many beginnings as a line holds.</summary>
    private static string Expected(GrammarMatcher matcher, Tokenizer tokenizer)
    {
        const int shown = 12;
        var count = tokenizer.Vocabulary.Count;
        var mask = new uint[(count + 31) / 32];
        matcher.ComputeMask(mask);
        List<byte[]> pieces = [];
        for (var token = 0; token < count; token++)
        {
            var isAllowed = (mask[token >> 5] >> (token & 31) & 1) != 0 && !tokenizer.Vocabulary.EndOfGeneration.Contains(token);
            if (isAllowed) pieces.Add(tokenizer.Piece(token, special: true).ToArray());
        }

        // One for each first byte, the shortest.
        var examples = pieces.Where(piece => piece.Length > 0).GroupBy(piece => piece[0])
            .Select(group => group.MinBy(piece => piece.Length)!).OrderBy(piece => piece[0]).ToArray();
        var words = examples.Take(shown).Select(piece => Quoted(piece)).ToList();
        if (examples.Length > shown) words.Add("...");
        if (matcher.CanEnd) words.Add("the end");
        return $"Expected was one of {pieces.Count} tokens, beginning with: {string.Join(' ', words)}";
    }

    private static (int Line, int Column) Position(List<byte> read)
    {
        var text = Encoding.UTF8.GetString([.. read]);
        return (text.Count(character => character == '\n') + 1, text.Length - text.LastIndexOf('\n'));
    }

    private static string Quoted(ReadOnlySpan<byte> piece) =>
        $"'{Encoding.UTF8.GetString(piece).Replace("\n", "\\n", StringComparison.Ordinal).Replace("\r", "\\r", StringComparison.Ordinal)}'";

    private static string WithoutLastLineFeed(string text) => text.EndsWith('\n') ? text[..^1].TrimEnd('\r') : text;
}
