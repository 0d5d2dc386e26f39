using ArchGen.Chat.Constraints;
using ArchGen.Grammars;
using ArchGen.Grammars.Gbnf;
using ArchGen.Runtime.Sampling;
using ArchGen.Tokenizers;

namespace ArchGen.Cli.Chat;

/// <summary>A grammar in GBNF, which answers must follow.</summary>
internal static class GrammarFile
{
    /// <summary>The constraint before the first token.</summary>
    /// <param name="text">The grammar.</param>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <exception cref="RequestException">The text is no grammar.</exception>
    public static ITokenConstraint Read(string text, Tokenizer tokenizer)
    {
        var builder = new GrammarBuilder();
        return new GrammarConstraint(builder.Build(GbnfParser.Parse(builder, text, tokenizer)), tokenizer);
    }
}
