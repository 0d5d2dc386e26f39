namespace ArchGen.Grammars.Vocabularies;

/// <summary>
/// Tokens that all match one regular expression. Where the grammar allows whatever the expression matches, all of them are allowed, and their trie need not be
/// walked. (llguidance, docs/optimizations.md.)
/// </summary>
/// <param name="Automaton">The expression.</param>
/// <param name="Trie">The tokens.</param>
/// <param name="Mask">A bit for each token.</param>
internal sealed record TokenSlice(SliceAutomaton Automaton, TokenTrie Trie, uint[] Mask);
