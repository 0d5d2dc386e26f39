using ArchGen.Grammars;
using ArchGen.Tokenizers;

namespace ArchGen.Server.Models;

/// <summary>The compiled grammars of the last requests: clients send the same schema again, and what a grammar found out makes it faster.</summary>
internal sealed class RecentGrammars
{
    private const int MaxGrammars = 32;

    private readonly Lock _lock = new();
    private readonly LinkedList<(string Key, CompiledGrammar Grammar)> _recent = [];

    /// <summary>The compiled grammar.</summary>
    /// <exception cref="RequestException">It is wrong, not supported, or too large.</exception>
    public CompiledGrammar Compile(TextGrammar grammar, Tokenizer tokenizer)
    {
        var key = grammar.Key;
        lock (_lock)
        {
            for (var node = _recent.First; node is not null; node = node.Next)
            {
                if (node.Value.Key != key) continue;
                _recent.Remove(node);
                _recent.AddFirst(node);
                return node.Value.Grammar;
            }
        }

        // Outside of the lock: a large schema takes a while.
        var compiled = grammar.Compile(tokenizer);
        lock (_lock)
        {
            _recent.AddFirst((key, compiled));
            if (_recent.Count > MaxGrammars) _recent.RemoveLast();
        }

        return compiled;
    }
}
