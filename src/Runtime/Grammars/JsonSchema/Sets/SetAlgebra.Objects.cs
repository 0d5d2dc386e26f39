namespace ArchGen.Grammars.JsonSchema.Sets;

internal sealed partial class SetAlgebra
{
    /// <summary>The condition of the property of a name.</summary>
    public Term ValueOf(ObjectShape shape, string name)
    {
        var index = shape.IndexOf(name);
        if (index >= 0) return shape.Members[index].Value;
        foreach (var region in shape.Regions)
        {
            if (Strings.Contains(region.Names, name)) return region.Value;
        }

        return Term.Never;
    }

    private bool IsAll(ObjectShape shape) =>
        shape is { Members.Count: 0, Min: 0, Max: null, Some.Count: 0, Regions.Count: 1 } && shape.Regions[0].Value.IsAny;

    /// <summary>The objects of both shapes; null if there are certainly none.</summary>
    private ObjectShape? Intersect(ObjectShape a, ObjectShape b)
    {
        if (ReferenceEquals(a, b) || IsAll(b)) return a;
        if (IsAll(a)) return b;
        Spend(1 + a.Members.Count + b.Members.Count + (a.Regions.Count * b.Regions.Count));
        var max = a.Max is { } left && b.Max is { } right ? Math.Min(left, right) : a.Max ?? b.Max;
        var members = Merge(a, b);
        var required = 0;
        foreach (var member in members)
        {
            if (!member.IsRequired) continue;
            required++;
            if (member.Value.IsNever || required > max) return null;
        }

        var shape = a with
        {
            Members = members,
            Regions = Intersect(a.Regions, b.Regions),
            Min = Math.Max(a.Min, b.Min),
            Max = max,
            Some = Join(a.Some, b.Some),
            Path = IsAll(a) ? b.Path : a.Path,
        };
        return IsImpossible(shape) ? null : shape;
    }

    /// <summary>The members of both: the declared ones of the first, those of the second, then the others.</summary>
    private List<Member> Merge(ObjectShape a, ObjectShape b)
    {
        List<Member> declared = [];
        List<Member> others = [];
        foreach (var member in a.Members)
        {
            var index = b.IndexOf(member.Name);
            var isRequired = member.IsRequired || (index >= 0 && b.Members[index].IsRequired);
            Member both = new(member.Name, Terms.And(member.Value, ValueOf(b, member.Name)), isRequired, true);
            if (member.IsDeclared) declared.Add(both);
            else if (index < 0 || !b.Members[index].IsDeclared) others.Add(both with { IsDeclared = false });
        }

        foreach (var member in b.Members)
        {
            var index = a.IndexOf(member.Name);
            if (index >= 0 && (a.Members[index].IsDeclared || !member.IsDeclared)) continue;
            var isRequired = member.IsRequired || (index >= 0 && a.Members[index].IsRequired);
            Member both = new(member.Name, Terms.And(ValueOf(a, member.Name), member.Value), isRequired, member.IsDeclared);
            (member.IsDeclared ? declared : others).Add(both);
        }

        declared.AddRange(others);
        return declared;
    }

    private List<Region> Intersect(IReadOnlyList<Region> left, IReadOnlyList<Region> right)
    {
        List<Region> result = [];
        foreach (var a in left)
        {
            foreach (var b in right)
            {
                var names = Strings.Intersect(a.Names, b.Names);
                if (!Strings.IsEmpty(names)) result.Add(new(names, Terms.And(a.Value, b.Value)));
            }
        }

        // Regions without any condition in common with others are kept apart; those of equal conditions become one.
        return result.Count < 2 ? result : Merge(result);
    }

    private List<Region> Merge(List<Region> regions)
    {
        List<Region> merged = [];
        foreach (var region in regions)
        {
            var same = merged.FindIndex(other => other.Value == region.Value);
            if (same < 0) merged.Add(region);
            else merged[same] = new(Strings.Union(merged[same].Names, region.Names), region.Value);
        }

        return merged;
    }

    private static List<Region> Join(IReadOnlyList<Region> left, IReadOnlyList<Region> right) => [.. left, .. right.Where(region => !left.Contains(region))];

    /// <summary>Whether the bounds and the conditions that are written as "never" leave no object.</summary>
    private static bool IsImpossible(ObjectShape shape)
    {
        if (shape.Min > shape.Max) return true;
        var isClosed = shape.Regions.All(region => region.Value.IsNever);
        return isClosed && (shape.Min > 0 || shape.Some.Count > 0) && shape.Members.Count(member => !member.Value.IsNever) < Math.Max(shape.Min, 1);
    }

    /// <summary>The objects that are not of a shape.</summary>
    private List<ObjectShape> Complement(ObjectShape shape)
    {
        List<ObjectShape> result = [];
        var any = AnyObject with { Path = shape.Path };
        foreach (var member in shape.Members)
        {
            if (member.IsRequired) result.Add(any with { Members = [new(member.Name, Term.Never, false)] });
            if (!member.Value.IsAny) result.Add(any with { Members = [new(member.Name, Terms.Not(member.Value), true)] });
        }

        foreach (var region in shape.Regions)
        {
            if (region.Value.IsAny) continue;
            var names = Strings.Except(region.Names, Strings.Of(shape.Members.Select(member => member.Name)));
            if (!Strings.IsEmpty(names)) result.Add(any with { Some = [new(names, Terms.Not(region.Value))] });
        }

        if (shape.Min > 0) result.Add(any with { Max = shape.Min - 1 });
        if (shape.Max is { } max) result.Add(any with { Min = max + 1 });
        foreach (var some in shape.Some)
        {
            result.Add(any with { Regions = [new(some.Names, Terms.Not(some.Value)), new(Strings.Complement(some.Names), Term.Any)] });
        }

        return result;
    }
}
