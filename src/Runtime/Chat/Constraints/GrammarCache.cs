using System.Text;
using ArchGen.Chat.Formats;
using ArchGen.Grammars;

namespace ArchGen.Chat.Constraints;

/// <summary>Keeps the grammars of the last requests: a conversation has the same tools in each turn, and what a grammar found out makes it faster.</summary>
internal sealed class GrammarCache
{
    private const int MaxGrammars = 32;

    private readonly RecentlyUsed<(CompiledGrammar? Grammar, IReadOnlyList<string> Warnings)> _recent = new(MaxGrammars);

    /// <summary>The grammar of an answer; null if any answer will do.</summary>
    /// <exception cref="RequestException">A schema cannot be enforced.</exception>
    public CompiledGrammar? Find(AnswerFormat format, AnswerConstraint constraint, ControlTexts controls, List<string> warnings)
    {
        var (grammar, own) = _recent.GetOrMake(Key(constraint), () =>
        {
            var found = new List<string>();
            return (AnswerGrammar.Build(format, constraint, controls, found), found);
        });
        warnings.AddRange(own);
        return grammar;
    }

    private static string Key(AnswerConstraint constraint)
    {
        var key = new StringBuilder();
        key.Append(constraint.Choice).Append('|').Append(constraint.IsParallel).Append(constraint.StartsInThinking).Append(constraint.MayThink).Append('|')
            .Append(constraint.Grammar?.Key).Append('|');
        foreach (var tool in constraint.Tools) key.Append(tool.Name.Length).Append(tool.Name).Append(tool.Parameters.GetRawText()).Append('|');
        return key.ToString();
    }
}
