namespace ArchGen.Grammars.JsonSchema.Sets;

/// <summary>
/// Unions, intersections and complements of sets of values. Scalars are regular languages, for which all of them are exact; arrays and objects are unions of
/// shapes. What costs too much is an error, never a larger set.
/// </summary>
internal sealed partial class SetAlgebra
{
    /// <summary>The most shapes of one set.</summary>
    public const int MaxShapes = 600;

    private const int MaxWork = 4_000_000;
    private const string Combinations = "the combinations of allOf, anyOf, oneOf, not and dependent keywords";

    private readonly Func<SetAlgebra, Reading.SchemaNode, Term> _read;
    private int _work;

    /// <param name="read">Reads a schema into a term, without the schemas inside it.</param>
    public SetAlgebra(StringSets strings, TermTable terms, Func<SetAlgebra, Reading.SchemaNode, Term> read)
    {
        (Strings, Terms, _read) = (strings, terms, read);
        AnyObject = new() { Regions = [new(strings.All, Term.Any)] };
        All = new()
        {
            Null = true,
            True = true,
            False = true,
            Numbers = NumberSet.All,
            Strings = strings.All,
            Arrays = [ArrayShape.All],
            Objects = [AnyObject],
        };
    }

    public StringSets Strings { get; }

    public TermTable Terms { get; }

    /// <summary>All values.</summary>
    public ValueSet All { get; }

    /// <summary>All objects.</summary>
    public ObjectShape AnyObject { get; }

    public ValueSet Intersect(ValueSet a, ValueSet b)
    {
        if (a == b || ReferenceEquals(b, All)) return a;
        if (ReferenceEquals(a, All)) return b;
        return new()
        {
            Null = a.Null && b.Null,
            True = a.True && b.True,
            False = a.False && b.False,
            Numbers = NumberSet.Intersect(a.Numbers, b.Numbers),
            Strings = a.Strings is null || b.Strings is null ? null : OrNull(Strings.Intersect(a.Strings, b.Strings)),
            Arrays = Product(a.Arrays, b.Arrays, Intersect),
            Objects = Product(a.Objects, b.Objects, Intersect),
        };
    }

    public ValueSet Union(ValueSet a, ValueSet b)
    {
        if (a == b || ReferenceEquals(a, All)) return a;
        if (ReferenceEquals(b, All)) return b;
        return new()
        {
            Null = a.Null || b.Null,
            True = a.True || b.True,
            False = a.False || b.False,
            Numbers = NumberSet.Union(a.Numbers, b.Numbers),
            Strings = a.Strings is null || b.Strings is null ? a.Strings ?? b.Strings : Strings.Union(a.Strings, b.Strings),
            Arrays = Join(a.Arrays, b.Arrays, IsAll),
            Objects = Join(a.Objects, b.Objects, IsAll),
        };
    }

    public ValueSet Complement(ValueSet set) => Without(All, set);

    /// <summary>The values of the first set that are not in the second.</summary>
    public ValueSet Without(ValueSet set, ValueSet excluded)
    {
        var strings = set.Strings;
        if (strings is not null && excluded.Strings is not null) strings = OrNull(Strings.Except(strings, excluded.Strings));
        return new()
        {
            Null = set.Null && !excluded.Null,
            True = set.True && !excluded.True,
            False = set.False && !excluded.False,
            Numbers = NumberSet.Intersect(set.Numbers, NumberSet.Complement(excluded.Numbers)),
            Strings = strings,
            Arrays = Without(set.Arrays, excluded.Arrays, Intersect, Complement, shape => IsEmpty(shape, MaxDepth)),
            Objects = Without(set.Objects, excluded.Objects, Intersect, Complement, shape => IsEmpty(shape, MaxDepth)),
        };
    }

    /// <summary>The values that are in exactly one of the sets.</summary>
    public ValueSet ExactlyOne(IReadOnlyList<ValueSet> sets)
    {
        // What is in exactly one, and what is in any, of the sets so far.
        var (one, any) = (ValueSet.None, ValueSet.None);
        foreach (var set in sets)
        {
            one = Union(Without(one, set), Without(set, any));
            any = Union(any, set);
        }

        return one;
    }

    private IReadOnlyList<T> Without<T>(
        IReadOnlyList<T> left, IReadOnlyList<T> right, Func<T, T, T?> intersect, Func<T, List<T>> complement, Func<T, bool> isEmpty)
        where T : class
    {
        foreach (var excluded in right)
        {
            List<T>? kept = null;
            for (var i = 0; i < left.Count; i++)
            {
                var isApart = intersect(left[i], excluded) is not { } both || isEmpty(both);
                if (!isApart) kept ??= [.. left.Take(i)];
                if (isApart) kept?.Add(left[i]);
                else kept!.AddRange(Product([left[i]], complement(excluded), intersect).Where(shape => !isEmpty(shape)));
            }

            if (kept is null) continue;
            if (kept.Count > MaxShapes) throw TooManyShapes();
            left = kept;
        }

        return left;
    }

    private StringSet? OrNull(StringSet set) => Strings.IsEmpty(set) ? null : set;

    private List<T> Product<T>(IReadOnlyList<T> left, IReadOnlyList<T> right, Func<T, T, T?> intersect)
        where T : class
    {
        List<T> result = [];
        foreach (var a in left)
        {
            foreach (var b in right)
            {
                if (intersect(a, b) is not { } both) continue;
                result.Add(both);
                if (result.Count > MaxShapes) throw TooManyShapes();
            }
        }

        return result;
    }

    private static List<T> Join<T>(IReadOnlyList<T> left, IReadOnlyList<T> right, Func<T, bool> isAll)
        where T : class
    {
        if (left.FirstOrDefault(isAll) is { } first) return [first];
        if (right.FirstOrDefault(isAll) is { } second) return [second];
        List<T> result = [.. left.Concat(right).Distinct(ReferenceEqualityComparer.Instance).Cast<T>()];
        return result.Count > MaxShapes ? throw TooManyShapes() : result;
    }

    private void Spend(int work)
    {
        _work += work;
        if (_work > MaxWork) throw new SchemaException($"{Combinations} take too long to work out; write the schema with fewer of them");
    }

    private static SchemaException TooManyShapes() =>
        new($"{Combinations} give more than {MaxShapes} alternatives; write the schema with fewer of them");
}
