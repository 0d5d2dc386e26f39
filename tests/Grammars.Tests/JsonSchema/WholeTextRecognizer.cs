using ArchGen.Grammars.Regexes;

namespace ArchGen.Grammars.Tests.JsonSchema;

/// <summary>
/// Recognizes whole texts with the rules of a grammar, after Earley, 1970, as simply as possible: without tokens, masks or caches. It is what the engine is
/// compared with, and what schemas are tested with where no vocabulary matters.
/// </summary>
internal sealed class WholeTextRecognizer(GrammarBuilder grammar, Symbol start)
{
    private readonly HashSet<int> _nullable = Nullable(grammar);

    public bool Accepts(ReadOnlySpan<byte> text)
    {
        var sets = new Dictionary<Item, bool>[text.Length + 1];
        for (var i = 0; i < sets.Length; i++) sets[i] = [];
        sets[0].Add(new(-1, 0, 0, 0), false);
        for (var at = 0; at <= text.Length; at++)
        {
            Queue<Item> open = new(sets[at].Keys);
            Dictionary<Symbol, bool> scanned = [];
            while (open.TryDequeue(out var item))
            {
                var parts = Parts(item);
                if (item.Dot == parts.Length)
                {
                    if (item.Rule < 0) continue;
                    foreach (var waiting in sets[item.Origin].Keys.ToArray())
                    {
                        var symbols = Parts(waiting);
                        if (waiting.Dot < symbols.Length && symbols[waiting.Dot] is { Kind: SymbolKind.Rule } symbol && symbol.Index == item.Rule)
                        {
                            Add(sets[at], open, waiting with { Dot = waiting.Dot + 1 });
                        }
                    }

                    continue;
                }

                var next = parts[item.Dot];
                if (next.Kind == SymbolKind.Rule)
                {
                    for (var i = 0; i < grammar.Rules[next.Index].Alternatives.Count; i++) Add(sets[at], open, new(next.Index, i, 0, at));
                    if (_nullable.Contains(next.Index)) Add(sets[at], open, item with { Dot = item.Dot + 1 });
                }
                else
                {
                    scanned[next] = true;
                }
            }

            foreach (var lexeme in scanned.Keys) Scan(text, at, lexeme, sets);
        }

        return sets[^1].ContainsKey(new(-1, 0, 1, 0));
    }

    private void Scan(ReadOnlySpan<byte> text, int at, Symbol lexeme, Dictionary<Item, bool>[] sets)
    {
        var begin = at;
        if (at > 0 && grammar.Ignored is not null)
        {
            while (begin < text.Length && text[begin] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r') begin++;
        }

        // What is ignored may be absent, or be any part of a run.
        for (var from = begin; from >= at; from--)
        {
            var regex = grammar.Lexemes[lexeme.Index].Regex;
            for (var end = from; end < text.Length; end++)
            {
                regex = grammar.Regexes.Derivative(regex, text[end]);
                if (regex.IsNothing) break;
                if (!grammar.Regexes.IsNullable(regex)) continue;
                foreach (var item in sets[at].Keys.ToArray())
                {
                    var parts = Parts(item);
                    if (item.Dot < parts.Length && parts[item.Dot] == lexeme) sets[end + 1].TryAdd(item with { Dot = item.Dot + 1 }, false);
                }
            }
        }
    }

    private ReadOnlySpan<Symbol> Parts(Item item) => item.Rule < 0 ? new[] { start } : grammar.Rules[item.Rule].Alternatives[item.Alternative];

    private static void Add(Dictionary<Item, bool> set, Queue<Item> open, Item item)
    {
        if (set.TryAdd(item, false)) open.Enqueue(item);
    }

    private static HashSet<int> Nullable(GrammarBuilder grammar)
    {
        HashSet<int> nullable = [];
        var hasChanged = true;
        while (hasChanged)
        {
            hasChanged = false;
            for (var rule = 0; rule < grammar.Rules.Count; rule++)
            {
                if (nullable.Contains(rule)) continue;
                if (grammar.Rules[rule].Alternatives.Exists(parts => Array.TrueForAll(parts, IsNullable))) hasChanged = nullable.Add(rule);
            }
        }

        return nullable;

        bool IsNullable(Symbol part) => part.Kind == SymbolKind.Rule && nullable.Contains(part.Index);
    }

    private readonly record struct Item(int Rule, int Alternative, int Dot, int Origin);
}
