using ArchGen.Grammars.JsonSchema.Sets;
using ArchGen.Grammars.Regexes;

namespace ArchGen.Grammars.JsonSchema.Writing;

internal sealed partial class GrammarWriter
{
    private const int MaxStates = 20_000;
    private const int MaxUniqueValues = 7;
    private const int MaxContained = 3;

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

    /// <summary>
    /// Arrays that contain a number of certain items. A state is the number of items and of each contained kind so far, as far as they matter.
    /// </summary>
    private Symbol WriteContaining(ArrayShape shape)
    {
        if (shape.Contains.Count > MaxContained)
        {
            throw new SchemaException($"more than {MaxContained} conditions of contained items cannot be combined", shape.Path);
        }

        int[] least = [shape.Prefix.Count, shape.Min, 1, .. shape.Contains.Select(contained => contained.From)];
        var lengths = shape.Max ?? least.Max();
        var size = shape.Contains.Aggregate(lengths + 1L, (product, contained) => Math.Min(int.MaxValue, product * (contained.Cap + 1L)));
        if (size > MaxStates) throw new SchemaException("the bounds on contained items are too large", shape.Path);
        Dictionary<(int Length, Counts Counts), Symbol> states = [];
        Queue<(int Length, Counts Counts)> open = new([(0, default)]);
        List<Symbol> bodies = [];
        while (open.TryDequeue(out var state))
        {
            if (state.Length >= shape.Max) continue;
            for (var kinds = 0; kinds < 1 << shape.Contains.Count; kinds++)
            {
                if (Next(shape, state, kinds) is not var (value, counts)) continue;
                var next = (Math.Min(state.Length + 1, lengths), counts);
                if (!states.TryGetValue(next, out var rule))
                {
                    states.Add(next, rule = _grammar.Rule());
                    open.Enqueue(next);
                    if (next.Item1 >= shape.Min && IsEnough(shape, counts)) bodies.Add(rule);
                }

                if (states.TryGetValue(state, out var before)) _grammar.Alternative(rule, before, _comma, Value(value));
                if (state.Length == 0) _grammar.Alternative(rule, Value(value));
            }
        }

        return Bracketed("[", bodies, shape.Min == 0 && IsEnough(shape, default), "]");
    }

    private static bool IsEnough(ArrayShape shape, Counts counts)
    {
        for (var i = 0; i < shape.Contains.Count; i++)
        {
            if (counts[i] < shape.Contains[i].Min) return false;
        }

        return true;
    }

    /// <summary>The condition of an item that counts as the given kinds, and the counts with it; null if there can be none.</summary>
    private (Term Value, Counts Counts)? Next(ArrayShape shape, (int Length, Counts Counts) state, int kinds)
    {
        List<Term> conditions = [shape.ItemAt(state.Length)];
        var counts = state.Counts;
        for (var i = 0; i < shape.Contains.Count; i++)
        {
            var contained = shape.Contains[i];
            var isKind = (kinds & (1 << i)) != 0;
            if (isKind && (state.Length < contained.From || counts[i] >= contained.Max)) return null;
            if (isKind) conditions.Add(contained.Value);

            // Without an upper bound it does not matter that an item of the kind may also be counted as any other.
            else if (contained.Max is not null && state.Length >= contained.From) conditions.Add(_algebra.Terms.Not(contained.Value));
            if (isKind) counts = counts.With(i, Math.Min(counts[i] + 1, contained.Cap));
        }

        var value = _algebra.Terms.And([.. conditions]);
        return value.IsNever ? null : (value, counts);
    }

    private readonly record struct Counts(int First, int Second, int Third)
    {
        public int this[int index] => index switch { 0 => First, 1 => Second, _ => Third };

        public Counts With(int index, int count) => index switch
        {
            0 => this with { First = count },
            1 => this with { Second = count },
            _ => this with { Third = count },
        };
    }

    /// <summary>Arrays without equal items, of a few listed values: a rule for each set of values that have been used.</summary>
    private Symbol WriteUnique(ArrayShape shape)
    {
        var values = shape.Prefix.Count == 0 && shape.Contains.Count == 0 ? Listed(shape.Rest) : null;
        if (values is null)
        {
            throw new SchemaException(
                $"uniqueItems can be decided only if the items are at most {MaxUniqueValues} listed values, or there is at most one", shape.Path);
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
