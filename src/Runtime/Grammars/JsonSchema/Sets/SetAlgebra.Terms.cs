namespace ArchGen.Grammars.JsonSchema.Sets;

internal sealed partial class SetAlgebra
{
    /// <summary>The deepest nesting of schemas that apply to one value, and of values that are searched for a contradiction.</summary>
    private const int MaxNesting = 200;

    private const int MaxDepth = 4;

    private readonly Dictionary<Term, ValueSet> _resolved = [];
    private readonly HashSet<Term> _resolving = [];
    private readonly Dictionary<(Term, int), bool> _isNever = [];

    /// <summary>The values of a term. The terms inside, of items and properties, stay as they are.</summary>
    /// <exception cref="SchemaException">A schema applies to a value only if it applies to it, or a limit is exceeded.</exception>
    public ValueSet Resolve(Term term)
    {
        if (_resolved.TryGetValue(term, out var known)) return known;
        if (_resolving.Count >= MaxNesting) throw new SchemaException($"references, allOf, anyOf, oneOf and not are nested more than {MaxNesting} deep");
        if (!_resolving.Add(term)) throw new SchemaException("the schema refers to itself without a property or an item between");
        try
        {
            var set = Pruned(Compute(term));
            _resolved.Add(term, set);
            return set;
        }
        catch (SchemaException exception) when (exception.Path is null && Terms.Kind(term) == TermKind.Node)
        {
            throw new SchemaException(exception.Reason, Terms.Node(term).Path);
        }
        catch (RequestException exception) when (Terms.Kind(term) == TermKind.Node)
        {
            throw new SchemaException(exception.Message, Terms.Node(term).Path);
        }
        finally
        {
            _resolving.Remove(term);
        }
    }

    /// <summary>Whether certainly no value satisfies the term.</summary>
    public bool IsNever(Term term, int depth)
    {
        if (term.IsNever) return true;
        if (term.IsAny || depth == 0) return false;
        if (_isNever.TryGetValue((term, depth), out var known)) return known;

        // A term that is met again inside itself counts as possible: this search is not where that is decided.
        _isNever[(term, depth)] = false;
        var result = !_resolving.Contains(term) && IsCertainlyEmpty(term, depth - 1);
        _isNever[(term, depth)] = result;
        return result;
    }

    /// <summary>Whether certainly no value is in the set.</summary>
    public bool IsEmpty(ValueSet set, int depth)
    {
        if (set.Null || set.True || set.False || !set.Numbers.IsEmpty || set.Strings is not null) return false;
        return set.Arrays.All(shape => IsEmpty(shape, depth)) && set.Objects.All(shape => IsEmpty(shape, depth));
    }

    private bool IsCertainlyEmpty(Term term, int depth)
    {
        try
        {
            return IsEmpty(Resolve(term), depth);
        }
        catch (SchemaException)
        {
            // What cannot be decided here, or is being resolved further out, is reported when a grammar is made of it.
            return false;
        }
    }

    private bool IsEmpty(ObjectShape shape, int depth) => shape.Members.Any(member => member.IsRequired && IsNever(member.Value, depth));

    private bool IsEmpty(ArrayShape shape, int depth)
    {
        for (var i = 0; i < shape.Min && i <= shape.Prefix.Count; i++)
        {
            if (IsNever(shape.ItemAt(i), depth)) return true;
        }

        return shape.Contains.Any(contained => contained.Min > 0 && IsNever(contained.Value, depth));
    }

    private ValueSet Compute(Term term)
    {
        var parts = Terms.Parts(term).ToArray();
        switch (Terms.Kind(term))
        {
            case TermKind.Never:
                return ValueSet.None;
            case TermKind.Any:
                return All;
            case TermKind.Set:
                return Terms.Set(term);
            case TermKind.Node:
                return Resolve(_read(this, Terms.Node(term)));
            case TermKind.Not:
                return Complement(Resolve(new(parts[0])));
            case TermKind.One:
                return ExactlyOne([.. parts.Select(part => Resolve(new(part)))]);
            case TermKind.Or:
                return parts.Aggregate(ValueSet.None, (set, part) => Union(set, Resolve(new(part))));
            default:
                return parts.Aggregate(All, (set, part) => Intersect(set, Resolve(new(part))));
        }
    }

    /// <summary>The set without the shapes that no value can have.</summary>
    private ValueSet Pruned(ValueSet set)
    {
        if (set.Arrays.Count + set.Objects.Count <= 1) return set;
        IReadOnlyList<ArrayShape> arrays = [.. set.Arrays.Where(shape => !IsEmpty(shape, 2))];
        IReadOnlyList<ObjectShape> objects = [.. set.Objects.Where(shape => !IsEmpty(shape, 2))];
        return arrays.Count == set.Arrays.Count && objects.Count == set.Objects.Count ? set : set with { Arrays = arrays, Objects = objects };
    }
}
