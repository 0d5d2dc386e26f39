namespace ArchGen.Grammars.Vocabularies;

/// <summary>
/// Tokens that all match one regular expression. Where the grammar allows whatever the expression matches, all of them are allowed, and their trie need not be
/// walked. (llguidance, docs/optimizations.md.)
/// </summary>
/// <param name="Automaton">The expression.</param>
/// <param name="Trie">The tokens.</param>
/// <param name="Mask">A bit for each token.</param>
/// <param name="Larger">The index of a slice whose expression matches all that this one's does; -1 for none.</param>
/// <param name="AfterSpace">The index of the slice that has what follows the space with which these tokens begin; -1 if they begin with none.</param>
internal sealed record TokenSlice(SliceAutomaton Automaton, TokenTrie Trie, uint[] Mask, int Larger, int AfterSpace);
