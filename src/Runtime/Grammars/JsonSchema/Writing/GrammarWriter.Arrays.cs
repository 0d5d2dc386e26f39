using ArchGen.Grammars.JsonSchema.Sets;
using ArchGen.Grammars.Regexes;

namespace ArchGen.Grammars.JsonSchema.Writing;

internal sealed partial class GrammarWriter
{
    private const int MaxStates = 20_000;
    private const int MaxUniqueValues = 7;

    private Symbol WriteArray(ArrayShape shape)
    {
        if (shape.IsUnique) return WriteUnique(shape);
        if (shape.Contains.Count > 0) return WriteContaining(shape);
        List<Symbol> bodies = [];
        var list = _grammar.Empty;
        var max = shape.Max ?? RegexBuilder.Unbounded;
        for (var i = 0; i < shape.Prefix.Count; i++)
        {
            list = i == 0 ? Value(shape.Prefix[0]) : _grammar.Sequence(list, _comma, Value(shape.Prefix[i]));
            if (i + 1 >= shape.Min && i + 1 < shape.Prefix.Count) bodies.Add(list);
        }

        var known = shape.Prefix.Count;
        if (shape.Rest.IsNever || max <= known)
        {
            if (known > 0) bodies.Add(list);
        }
        else
        {
            var item = Value(shape.Rest);
            var further = _grammar.Sequence(_comma, item);
            if (known == 0) (list, known) = (item, 1);
            else if (shape.Min <= known && max > known) bodies.Add(list);
            var least = Math.Max(shape.Min - known, shape.Prefix.Count > 0 ? 1 : 0);
            bodies.Add(_grammar.Sequence(list, _grammar.Repeat(further, least, max == RegexBuilder.Unbounded ? max : max - known)));
        }

        return Bracketed("[", bodies, shape.Min == 0, "]");
    }

    /// <summary>Arrays that contain a number of certain items. A state is the number of items and of contained ones so far, as far as they matter.</summary>
    private Symbol WriteContaining(ArrayShape shape)
    {
        if (shape.Contains is not [var contained]) throw new SchemaException("more than one condition of contained items cannot be combined", shape.Path);
        var lengths = shape.Max ?? Math.Max(Math.Max(shape.Prefix.Count, contained.From), shape.Min);
        var counts = contained.Max ?? contained.Min;
        if ((lengths + 1L) * (counts + 1L) > MaxStates) throw new SchemaException("the bounds on contained items are too large", shape.Path);
        Dictionary<(int Length, int Count), Symbol> states = [];
        Queue<(int Length, int Count)> open = new([(0, 0)]);
        List<Symbol> bodies = [];
        while (open.TryDequeue(out var state))
        {
            if (state.Length >= shape.Max) continue;
            foreach (var (value, adds) in Choices(shape, contained, state))
            {
                var count = state.Count + adds;
                if (count > contained.Max) continue;
                (int Length, int Count) next = (Math.Min(state.Length + 1, Math.Max(lengths, 1)), Math.Min(count, counts));
                if (!states.TryGetValue(next, out var rule))
                {
                    states.Add(next, rule = _grammar.Rule());
                    open.Enqueue(next);
                    if (next.Length >= shape.Min && next.Count >= contained.Min) bodies.Add(rule);
                }

                if (states.TryGetValue(state, out var before)) _grammar.Alternative(rule, before, _comma, value);
                if (state.Length == 0) _grammar.Alternative(rule, value);
            }
        }

        return Bracketed("[", bodies, shape.Min == 0 && contained.Min == 0, "]");
    }

    private IEnumerable<(Symbol Value, int Adds)> Choices(ArrayShape shape, Contained contained, (int Length, int Count) state)
    {
        var item = shape.ItemAt(state.Length);
        if (state.Length < contained.From)
        {
            yield return (Value(item), 0);
            yield break;
        }

        // Without an upper bound it does not matter that an item that is contained may also be counted as any other.
        yield return (Value(_algebra.Terms.And(item, contained.Value)), 1);
        yield return (Value(contained.Max is null ? item : _algebra.Terms.And(item, _algebra.Terms.Not(contained.Value))), 0);
    }

    /// <summary>Arrays without equal items, of a few listed values: a rule for each set of values that have been used.</summary>
    private Symbol WriteUnique(ArrayShape shape)
    {
        var values = shape.Prefix.Count == 0 && shape.Contains.Count == 0 ? Listed(shape.Rest) : null;
        if (values is null)
        {
            throw new SchemaException($"uniqueItems can be decided only if the items are at most {MaxUniqueValues} listed values, or there is at most one", shape.Path);
        }

        Dictionary<int, Symbol> states = [];
        List<Symbol> bodies = [];
        for (var used = 1; used < 1 << values.Count; used++)
        {
            var count = System.Numerics.BitOperations.PopCount((uint)used);
            if (count > shape.Max) continue;
            var rule = _grammar.Rule();
            states.Add(used, rule);
            if (count >= shape.Min) bodies.Add(rule);
            for (var i = 0; i < values.Count; i++)
            {
                if ((used & (1 << i)) == 0) continue;
                if (used == 1 << i) _grammar.Alternative(rule, values[i]);
                else _grammar.Alternative(rule, states[used & ~(1 << i)], _comma, values[i]);
            }
        }

        return Bracketed("[", bodies, shape.Min == 0, "]");
    }

    /// <summary>The values of a term one by one; null if they are not few scalars.</summary>
    private List<Symbol>? Listed(Term term)
    {
        var set = _algebra.Resolve(term);
        if (set.Arrays.Count + set.Objects.Count > 0 || !set.Numbers.IsEmpty || set.Strings is { Values: null }) return null;
        List<Symbol> values = [];
        if (set.Null) values.Add(_grammar.Literal("null"));
        if (set.True) values.Add(_grammar.Literal("true"));
        if (set.False) values.Add(_grammar.Literal("false"));
        foreach (var value in set.Strings?.Values ?? []) values.Add(_grammar.Literal($"\"{JsonCharacters.Spell(value)}\""));
        return values.Count <= MaxUniqueValues ? values : null;
    }
}
