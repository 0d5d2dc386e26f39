using System.Text;
using ArchGen.Chat.Formats;
using ArchGen.Grammars;

namespace ArchGen.Chat.Constraints;

/// <summary>Keeps the grammars of the last requests: a conversation has the same tools in each turn, and what a grammar found out makes it faster.</summary>
internal sealed class GrammarCache
{
    private const int MaxGrammars = 32;

    private readonly Lock _lock = new();
    private readonly LinkedList<(string Key, CompiledGrammar? Grammar, IReadOnlyList<string> Warnings)> _recent = [];

    /// <summary>The grammar of an answer; null if any answer will do.</summary>
    /// <exception cref="RequestException">A schema cannot be enforced.</exception>
    public CompiledGrammar? Find(AnswerFormat format, AnswerConstraint constraint, ControlTexts controls, List<string> warnings)
    {
        var key = Key(constraint);
        lock (_lock)
        {
            for (var node = _recent.First; node is not null; node = node.Next)
            {
                if (node.Value.Key != key) continue;
                _recent.Remove(node);
                _recent.AddFirst(node);
                warnings.AddRange(node.Value.Warnings);
                return node.Value.Grammar;
            }
        }

        // Outside of the lock: a large schema takes a while.
        var own = new List<string>();
        var grammar = AnswerGrammar.Build(format, constraint, controls, own);
        warnings.AddRange(own);
        lock (_lock)
        {
            _recent.AddFirst((key, grammar, own));
            if (_recent.Count > MaxGrammars) _recent.RemoveLast();
        }

        return grammar;
    }

    private static string Key(AnswerConstraint constraint)
    {
        var key = new StringBuilder();
        key.Append(constraint.Choice).Append('|').Append(constraint.IsParallel).Append(constraint.StartsInThinking).Append(constraint.MayThink).Append('|')
            .Append(constraint.Schema?.GetRawText()).Append('|').Append(constraint.Grammar?.Key).Append('|');
        foreach (var tool in constraint.Tools) key.Append(tool.Name.Length).Append(tool.Name).Append(tool.Parameters.GetRawText()).Append('|');
        return key.ToString();
    }
}
