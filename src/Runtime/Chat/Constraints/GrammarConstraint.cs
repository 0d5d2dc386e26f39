using ArchGen.Grammars;
using ArchGen.Runtime.Sampling;
using ArchGen.Tokenizers;

namespace ArchGen.Chat.Constraints;

/// <summary>A grammar as a constraint on the tokens that a sampler chooses from.</summary>
/// <remarks>For one caller at a time.</remarks>
public sealed class GrammarConstraint : ITokenConstraint
{
    private readonly GrammarMatcher _matcher;

    /// <summary>A constraint before the first token.</summary>
    /// <param name="grammar">The grammar; it can be shared by any number of constraints.</param>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <exception cref="RequestException">The grammar exceeds a limit at its beginning already.</exception>
    public GrammarConstraint(CompiledGrammar grammar, Tokenizer tokenizer)
        : this(new GrammarMatcher(grammar, tokenizer))
    {
    }

    private GrammarConstraint(GrammarMatcher matcher) => _matcher = matcher;

    /// <inheritdoc/>
    public bool CanEnd => _matcher.CanEnd;

    /// <inheritdoc/>
    public void ComputeMask(Span<uint> mask) => _matcher.ComputeMask(mask);

    /// <inheritdoc/>
    public bool TryAccept(int token) => _matcher.TryAccept(token);

    /// <inheritdoc/>
    public int ForcedTokens(Span<int> tokens) => _matcher.ForcedTokens(tokens);

    /// <inheritdoc/>
    public ITokenConstraint Fork() => new GrammarConstraint(_matcher.Fork());
}
