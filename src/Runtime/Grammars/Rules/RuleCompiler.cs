using ArchGen.Grammars.Regexes;

namespace ArchGen.Grammars.Rules;

/// <summary>
/// Makes a grammar of rules as they are written. What is regular, because no rule in it leads back to itself and no token is named by its id, becomes one
/// lexeme, which needs no parser.
/// </summary>
/// <param name="merges">
/// Whether parts that are regular may become one lexeme; not where something may stand between lexemes.
/// </param>
internal sealed class RuleCompiler(GrammarBuilder builder, SourceText source, IReadOnlyDictionary<string, RuleTree> rules, bool merges)
{
    private readonly Dictionary<string, Regex> _regular = [];
    private readonly Dictionary<string, Symbol> _symbols = [];
    private readonly Queue<string> _open = [];

    /// <summary>The symbol of a rule.</summary>
    /// <exception cref="RequestException">A name has no rule, or what must be regular is not.</exception>
    public Symbol Compile(string start)
    {
        FindRegular();
        var symbol = Rule(start);
        while (_open.TryDequeue(out var name))
        {
            var tree = rules[name];
            foreach (var side in tree is RuleTree.Union union ? union.Sides : [tree]) builder.Alternative(_symbols[name], Parts(side));
        }

        return symbol;
    }

    /// <summary>The expression of a rule that is regular.</summary>
    public Regex? Regular(string name)
    {
        if (_regular.Count == 0) FindRegular();
        return _regular.TryGetValue(name, out var regex) ? regex : null;
    }

    private Symbol Rule(string name)
    {
        if (_symbols.TryGetValue(name, out var known)) return known;
        if ((merges || rules[name] is RuleTree.Terminal) && _regular.TryGetValue(name, out var regex))
        {
            known = builder.Lexeme(regex, name: name);
        }
        else
        {
            known = builder.Rule(name);
            _open.Enqueue(name);
        }

        _symbols.Add(name, known);
        return known;
    }

    /// <summary>The symbols of a sequence; neighbours that are regular are one lexeme.</summary>
    private Symbol[] Parts(RuleTree tree)
    {
        if (tree is not RuleTree.Sequence sequence) return [Single(tree)];
        List<Symbol> symbols = [];
        var merged = Regex.Empty;
        foreach (var part in sequence.Parts)
        {
            if (merges && Regular(part) is { } regex)
            {
                merged = builder.Regexes.Concat(merged, regex);
                continue;
            }

            Flush();
            symbols.Add(Single(part));
        }

        Flush();
        return [.. symbols];

        void Flush()
        {
            if (merged != Regex.Empty) symbols.Add(builder.Lexeme(merged));
            merged = Regex.Empty;
        }
    }

    private Symbol Single(RuleTree tree)
    {
        if (tree is RuleTree.Terminal terminal) return builder.Lexeme(terminal.Regex, terminal.IsLazy);
        if (merges && Regular(tree) is { } regex) return builder.Lexeme(regex);
        return tree switch
        {
            RuleTree.Given given => given.Symbol,
            RuleTree.Name name => Rule(name.Rule),
            RuleTree.Sequence => builder.Sequence(Parts(tree)),
            RuleTree.Union union => Choice(union),
            RuleTree.Repeated repeated => builder.Repeat(Single(repeated.Body), repeated.Min, repeated.Max),
            _ => builder.Lexeme(Regular(tree) ?? throw source.Error(Place(tree), "& and ~ work on terminals only: no rule in them may lead back to itself.")),
        };
    }

    private Symbol Choice(RuleTree.Union union)
    {
        var rule = builder.Rule();
        foreach (var side in union.Sides) builder.Alternative(rule, Parts(side));
        return rule;
    }

    /// <summary>Finds the regular rules, from those that name none upwards.</summary>
    private void FindRegular()
    {
        Dictionary<string, int> missing = [];
        Dictionary<string, List<string>> users = [];
        Queue<string> ready = [];
        foreach (var (name, tree) in rules)
        {
            HashSet<string> used = [];
            var isRegular = Names(tree, used);
            missing.Add(name, isRegular ? used.Count : -1);
            foreach (var other in used)
            {
                if (!users.TryGetValue(other, out var list)) users.Add(other, list = []);
                list.Add(name);
            }

            if (isRegular && used.Count == 0) ready.Enqueue(name);
        }

        while (ready.TryDequeue(out var name))
        {
            if (Regular(rules[name]) is not { } regex) continue;

            // A long chain of rules would be an expression nested as deep; the parser has no such bound.
            if (builder.Regexes.Node(regex).Depth > builder.Regexes.Limits.Depth / 2) continue;
            _regular[name] = regex;
            foreach (var user in users.GetValueOrDefault(name, []))
            {
                if (missing[user] > 0 && --missing[user] == 0) ready.Enqueue(user);
            }
        }
    }

    /// <summary>Collects the names in a tree; false if something in it is not regular, whatever its names are.</summary>
    private bool Names(RuleTree tree, HashSet<string> names)
    {
        switch (tree)
        {
            case RuleTree.Name name:
                if (!rules.ContainsKey(name.Rule)) throw source.Error(name.At, $"there is no rule called {name.Rule}. Define it, or correct the name.");
                names.Add(name.Rule);
                return true;
            case RuleTree.Terminal terminal:
                return !terminal.IsLazy;
            case RuleTree.Given:
                return false;
            default:
                var isRegular = true;
                foreach (var part in Inside(tree)) isRegular &= Names(part, names);
                return isRegular;
        }
    }

    private Regex? Regular(RuleTree tree)
    {
        var regexes = builder.Regexes;
        switch (tree)
        {
            case RuleTree.Terminal terminal:
                return terminal.IsLazy ? null : terminal.Regex;
            case RuleTree.Given:
                return null;
            case RuleTree.Name name:
                return _regular.TryGetValue(name.Rule, out var known) ? known : null;
        }

        List<Regex> parts = [];
        foreach (var part in Inside(tree))
        {
            if (Regular(part) is not { } regex) return null;
            parts.Add(regex);
        }

        return tree switch
        {
            RuleTree.Sequence => regexes.Concat([.. parts]),
            RuleTree.Union => regexes.Or([.. parts]),
            RuleTree.Intersection => regexes.And([.. parts]),
            RuleTree.Complement => regexes.Not(parts[0]),
            RuleTree.Repeated repeated => regexes.Repeat(parts[0], repeated.Min, repeated.Max),
            _ => null,
        };
    }

    private static RuleTree[] Inside(RuleTree tree) => tree switch
    {
        RuleTree.Sequence sequence => sequence.Parts,
        RuleTree.Union union => union.Sides,
        RuleTree.Intersection intersection => intersection.Sides,
        RuleTree.Complement complement => [complement.Body],
        RuleTree.Repeated repeated => [repeated.Body],
        _ => [],
    };

    private static int Place(RuleTree tree) => tree is RuleTree.Name name ? name.At : Inside(tree) is [var first, ..] ? Place(first) : 0;
}
