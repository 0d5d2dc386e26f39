using System.CommandLine;
using ArchGen.CommandLine.Texts;
using ArchGen.Runtime.Generation;

namespace ArchGen.CommandLine.Options;

/// <summary>The options of a prompt: a text, given on the command line or in a file, or token ids.</summary>
internal sealed class PromptOptions
{
    private readonly Option<string?> _text = new("--prompt", "-p") { Description = "The text." };
    private readonly Option<string?> _file = TextOptions.File();
    private readonly Option<string?> _tokens = new("--tokens") { Description = "Token ids instead of a text: 1,2,3." };
    private readonly Option<string?> _tokensFile = new("--tokens-file") { Description = "A file with a JSON array of token ids.", HelpName = "FILE" };
    private readonly Option<bool> _escapes = new("--escape", "-e") { Description = "Read escape sequences in the text: \\n, \\t, \\\", \\xE2." };
    private readonly Option<bool> _parseSpecial = TextOptions.ParseSpecial();

    public IEnumerable<Symbol> All => [_text, _file, _tokens, _tokensFile, _escapes, _parseSpecial];

    /// <summary>Whether texts have escape sequences.</summary>
    public bool HasEscapes(ParseResult parsed) => parsed.GetValue(_escapes);

    /// <summary>The prompt; null if none was given.</summary>
    /// <exception cref="ArchGenException">Two prompts were given, or a file cannot be read.</exception>
    public Prompt? Read(ParseResult parsed, Terminal terminal)
    {
        var (text, file, tokens, tokensFile) = (parsed.GetValue(_text), parsed.GetValue(_file), parsed.GetValue(_tokens), parsed.GetValue(_tokensFile));
        if (new[] { text, file, tokens, tokensFile }.Count(given => given is not null) > 1) throw NotOnce();
        if (tokens is not null) return new Prompt(null, TokenList.Parse(tokens, "--tokens"), false);
        if (tokensFile is not null) return new Prompt(null, TokenList.ReadFile(tokensFile, terminal), false);
        if (file is not null) text = TextOptions.Read(file, terminal);
        return text is null ? null : OfText(text, parsed);
    }

    /// <summary>The prompt.</summary>
    /// <exception cref="ArchGenException">As <see cref="Read"/>, or there is no prompt.</exception>
    public Prompt Required(ParseResult parsed, Terminal terminal) => Read(parsed, terminal) ?? throw NotOnce();

    /// <summary>The prompt of a text from elsewhere, read by the same options.</summary>
    public Prompt OfText(string text, ParseResult parsed) => new(parsed.GetValue(_escapes) ? Escapes.Read(text) : text, null, parsed.GetValue(_parseSpecial));

    private static RequestException NotOnce() =>
        new("Give the prompt once: a text with -p or -f FILE, or token ids with --tokens 1,2,3 or --tokens-file FILE.");
}

/// <summary>A text or token ids.</summary>
/// <param name="Text">The text; null if there are ids.</param>
/// <param name="Ids">The ids; null if there is a text.</param>
/// <param name="ParsesSpecial">Whether special tokens written in the text are read as such.</param>
internal sealed record Prompt(string? Text, int[]? Ids, bool ParsesSpecial)
{
    /// <summary>The tokens, at least one.</summary>
    /// <exception cref="ArchGenException">There are no tokens, or the model does not have all of them.</exception>
    public int[] Tokens(LoadedModel model)
    {
        var tokens = Ids ?? model.Tokenizer.Encode(Text!, addSpecial: true, ParsesSpecial);
        if (tokens.Length == 0) throw new RequestException("There are no tokens; expected at least one.");
        TokenList.Check(model, tokens);
        return tokens;
    }
}
