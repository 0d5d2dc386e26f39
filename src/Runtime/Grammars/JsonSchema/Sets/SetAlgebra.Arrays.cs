namespace ArchGen.Grammars.JsonSchema.Sets;

internal sealed partial class SetAlgebra
{
    private static bool IsAll(ArrayShape shape) =>
        shape is { Prefix.Count: 0, Rest.IsAny: true, Min: 0, Max: null, Contains.Count: 0, IsUnique: false };

    /// <summary>The arrays of both shapes; null if there are certainly none.</summary>
    private ArrayShape? Intersect(ArrayShape a, ArrayShape b)
    {
        if (ReferenceEquals(a, b) || IsAll(b)) return a;
        if (IsAll(a)) return b;
        Spend(1 + a.Prefix.Count + b.Prefix.Count);
        List<Term> prefix = [];
        for (var i = 0; i < Math.Max(a.Prefix.Count, b.Prefix.Count); i++) prefix.Add(Terms.And(a.ItemAt(i), b.ItemAt(i)));
        return Normal(a with
        {
            Prefix = prefix,
            Rest = Terms.And(a.Rest, b.Rest),
            Min = Math.Max(a.Min, b.Min),
            Max = a.Max is { } left && b.Max is { } right ? Math.Min(left, right) : a.Max ?? b.Max,
            Contains = [.. a.Contains, .. b.Contains.Where(contained => !a.Contains.Contains(contained))],
            IsUnique = a.IsUnique || b.IsUnique,
            Path = IsAll(a) ? b.Path : a.Path,
        });
    }

    /// <summary>The same arrays without items that can never be there; null if no array is left.</summary>
    public static ArrayShape? Normal(ArrayShape shape)
    {
        var max = shape.Max;
        for (var i = 0; i < shape.Prefix.Count && (max is null || i < max); i++)
        {
            if (shape.Prefix[i].IsNever) max = i;
        }

        if (shape.Rest.IsNever && (max is null || max > shape.Prefix.Count)) max = shape.Prefix.Count;
        if (shape.Min > max) return null;
        if (shape.Contains.Any(contained => contained.From + contained.Min > max || contained.Min > contained.Max)) return null;
        return shape with
        {
            Max = max,
            Prefix = max < shape.Prefix.Count ? [.. shape.Prefix.Take(max.Value)] : shape.Prefix,
            Rest = max <= shape.Prefix.Count ? Term.Never : shape.Rest,
            IsUnique = shape.IsUnique && max is not <= 1,
        };
    }

    /// <summary>The arrays that are not of a shape.</summary>
    private List<ArrayShape> Complement(ArrayShape shape)
    {
        if (shape.IsUnique) throw new SchemaException("that items are not unique cannot be required", shape.Path);
        List<ArrayShape> result = [];
        ArrayShape any = new() { Path = shape.Path };
        for (var i = 0; i < shape.Prefix.Count; i++)
        {
            if (shape.Prefix[i].IsAny) continue;
            Term[] prefix = [.. Enumerable.Repeat(Term.Any, i), Terms.Not(shape.Prefix[i])];
            result.Add(any with { Prefix = prefix, Min = i + 1 });
        }

        if (!shape.Rest.IsAny)
        {
            // Items that can never be there are the same as a bound.
            var from = shape.Prefix.Count;
            if (shape.Rest.IsNever) result.Add(any with { Min = from + 1 });
            else result.Add(any with { Contains = [new(Terms.Not(shape.Rest), from, 1, null)] });
        }

        if (shape.Min > 0) result.Add(any with { Max = shape.Min - 1 });
        if (shape.Max is { } max && !(shape.Rest.IsNever && max == shape.Prefix.Count)) result.Add(any with { Min = max + 1 });
        foreach (var contained in shape.Contains)
        {
            if (contained.Min > 0) result.Add(any with { Contains = [contained with { Min = 0, Max = contained.Min - 1 }] });
            if (contained.Max is { } most) result.Add(any with { Contains = [contained with { Min = most + 1, Max = null }] });
        }

        return result;
    }
}
