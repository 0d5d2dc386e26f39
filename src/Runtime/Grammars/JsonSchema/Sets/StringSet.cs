using ArchGen.Grammars.Regexes;

namespace ArchGen.Grammars.JsonSchema.Sets;

/// <summary>A set of strings: a language over their spelling in JSON, without the quotes.</summary>
/// <param name="Regex">The spellings.</param>
/// <param name="Values">The strings, if they were listed; null otherwise.</param>
internal sealed record StringSet(Regex Regex, IReadOnlyList<string>? Values = null);
