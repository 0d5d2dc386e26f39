using ArchGen.Grammars.JsonSchema.Sets;
using ArchGen.Grammars.Regexes;

namespace ArchGen.Grammars.JsonSchema.Writing;

internal sealed partial class GrammarWriter
{
    private const int MaxSome = 3;

    /// <summary>
    /// Objects: the members in their order, other properties anywhere between. A state is the number of properties so far, as far as the bounds need it, and
    /// which of the conditions of at least one property are satisfied.
    /// </summary>
    private Symbol WriteObject(ObjectShape shape)
    {
        ObjectPlan plan = new(shape, Others(shape), shape.Max ?? Math.Max(shape.Min, 1));
        Member[] members = [.. shape.Members.Where(member => !member.Value.IsNever)];
        if (members.Length == 0 && shape.Some.Count == 0) return WriteMap(plan);
        if (shape.Some.Count > MaxSome) throw new SchemaException($"more than {MaxSome} conditions of at least one property cannot be combined", shape.Path);
        if (((members.Length + 1L) * plan.Cap) << shape.Some.Count > MaxStates)
        {
            throw new SchemaException("the bounds on the number of properties are too large", shape.Path);
        }

        // The texts that end after the members so far, by state; the empty text is kept apart, since no comma follows it.
        List<(State To, Symbol[] Text)> first = [];
        foreach (var other in plan.Others)
        {
            foreach (var (text, satisfied) in Pairs(shape, other.Key, other.Names, other.Value))
            {
                if (plan.After(new(0, 0), satisfied) is { } to) first.Add((to, text));
            }
        }

        var known = Closed(plan, first);
        var canBeEmpty = true;
        foreach (var member in members)
        {
            List<(State To, Symbol[] Text)> added = [];
            foreach (var (text, satisfied) in Pairs(shape, Key(member.Name), _algebra.Strings.Of([member.Name]), member.Value))
            {
                if (canBeEmpty && plan.After(new(0, 0), satisfied) is { } only) added.Add((only, text));
                foreach (var (state, symbol) in known)
                {
                    if (plan.After(state, satisfied) is { } to) added.Add((to, [symbol, _comma, .. text]));
                }
            }

            var with = Closed(plan, added);
            known = member.IsRequired ? with : Either(with, known);
            canBeEmpty &= !member.IsRequired;
        }

        var all = (1 << shape.Some.Count) - 1;
        Symbol[] bodies = [.. known.Where(end => end.Key.Count >= Math.Min(shape.Min, plan.Cap) && end.Key.Satisfied == all).Select(end => end.Value)];
        return Bracketed("{", bodies, canBeEmpty && shape.Min == 0 && all == 0, "}");
    }

    /// <summary>Objects without named members.</summary>
    private Symbol WriteMap(ObjectPlan plan)
    {
        var (min, max) = (plan.Shape.Min, plan.Shape.Max ?? RegexBuilder.Unbounded);
        if (plan.Others.Count == 0 || max == 0) return Bracketed("{", [], min == 0, "}");
        var pair = _grammar.Rule();
        foreach (var other in plan.Others) _grammar.Alternative(pair, other.Key, _colon, Value(other.Value));
        var further = _grammar.Repeat(_grammar.Sequence(_comma, pair), Math.Max(min - 1, 0), max == RegexBuilder.Unbounded ? max : max - 1);
        return Bracketed("{", [_grammar.Sequence(pair, further)], min == 0, "}");
    }

    private Symbol Key(string name) => _grammar.Literal($"\"{JsonCharacters.Spell(name)}\"");

    /// <summary>The properties that are no members: their names, conditions and keys.</summary>
    private List<OtherProperty> Others(ObjectShape shape)
    {
        List<OtherProperty> result = [];
        var named = _algebra.Strings.Of(shape.Members.Select(member => member.Name));
        foreach (var region in shape.Regions)
        {
            if (region.Value.IsNever) continue;
            var names = _algebra.Strings.Except(region.Names, named);
            if (!_algebra.Strings.IsEmpty(names)) result.Add(new(names, region.Value, Quoted(names)));
        }

        return result;
    }

    /// <summary>The texts of one property, by the conditions of at least one property that it satisfies: none, or any of them together.</summary>
    private List<(Symbol[] Text, int Satisfied)> Pairs(ObjectShape shape, Symbol key, StringSet names, Term value)
    {
        List<(Symbol[] Text, int Satisfied)> result = [([key, _colon, Value(value)], 0)];
        for (var satisfied = 1; satisfied < 1 << shape.Some.Count; satisfied++)
        {
            var (shared, both) = (names, value);
            for (var i = 0; i < shape.Some.Count; i++)
            {
                if ((satisfied & (1 << i)) == 0) continue;
                shared = _algebra.Strings.Intersect(shared, shape.Some[i].Names);
                both = _algebra.Terms.And(both, shape.Some[i].Value);
            }

            if (!both.IsNever && !_algebra.Strings.IsEmpty(shared)) result.Add(([Quoted(shared), _colon, Value(both)], satisfied));
        }

        return result;
    }

    /// <summary>The states after texts, and after any number of properties that are no members.</summary>
    private Dictionary<State, Symbol> Closed(ObjectPlan plan, List<(State To, Symbol[] Text)> texts)
    {
        Dictionary<State, Symbol> result = [];
        Queue<State> open = [];
        foreach (var (to, text) in texts) Add(to, text);
        while (open.TryDequeue(out var state))
        {
            foreach (var other in plan.Others)
            {
                foreach (var (text, satisfied) in Pairs(plan.Shape, other.Key, other.Names, other.Value))
                {
                    if (plan.After(state, satisfied) is { } to) Add(to, [result[state], _comma, .. text]);
                }
            }
        }

        return result;

        void Add(State to, Symbol[] text)
        {
            if (!result.TryGetValue(to, out var rule))
            {
                result.Add(to, rule = _grammar.Rule());
                open.Enqueue(to);
            }

            _grammar.Alternative(rule, text);
        }
    }

    private Dictionary<State, Symbol> Either(Dictionary<State, Symbol> left, Dictionary<State, Symbol> right)
    {
        Dictionary<State, Symbol> result = new(left);
        foreach (var (state, symbol) in right)
        {
            result[state] = left.TryGetValue(state, out var other) ? _grammar.Choice(other, symbol) : symbol;
        }

        return result;
    }

    /// <summary>The number of properties, at most that which matters, and a bit for each satisfied condition of at least one property.</summary>
    private readonly record struct State(int Count, int Satisfied);

    private sealed record OtherProperty(StringSet Names, Term Value, Symbol Key);

    private sealed record ObjectPlan(ObjectShape Shape, List<OtherProperty> Others, int Cap)
    {
        /// <summary>The state after one more property; null if there may be none.</summary>
        public State? After(State state, int satisfied) =>
            state.Count >= Shape.Max ? null : new(Math.Min(state.Count + 1, Cap), state.Satisfied | satisfied);
    }
}
