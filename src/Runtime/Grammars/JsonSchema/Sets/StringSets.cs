using System.Text;
using ArchGen.Grammars.Regexes;

namespace ArchGen.Grammars.JsonSchema.Sets;

/// <summary>Operations on sets of strings, with the regular expressions of one grammar.</summary>
internal sealed class StringSets
{
    private readonly RegexBuilder _builder;

    public StringSets(RegexBuilder builder)
    {
        _builder = builder;
        Character = JsonCharacters.Class(builder, CodePointRanges.All);
        All = new(builder.Star(Character));
    }

    /// <summary>The spelling of any one character.</summary>
    public Regex Character { get; }

    /// <summary>All strings.</summary>
    public StringSet All { get; }

    public static StringSet None { get; } = new(Regex.Nothing, []);

    public StringSet Of(Regex spellings) => spellings.IsNothing ? None : new(spellings);

    /// <summary>The listed strings. One that is not well-formed Unicode has no spelling and is left out.</summary>
    public StringSet Of(IEnumerable<string> values)
    {
        string[] distinct = [.. values.Where(JsonCharacters.CanSpell).Distinct(StringComparer.Ordinal)];
        return distinct.Length == 0 ? None : new(_builder.Literals(distinct.Select(JsonCharacters.Spell)), distinct);
    }

    /// <summary>The strings whose number of code points is within bounds.</summary>
    public StringSet OfLength(int min, int? max) => Of(_builder.Repeat(Character, min, max ?? RegexBuilder.Unbounded));

    public bool Contains(StringSet set, string value)
    {
        if (set.Regex == All.Regex) return true;
        return set.Values?.Contains(value, StringComparer.Ordinal) ?? _builder.Matches(set.Regex, Encoding.UTF8.GetBytes(JsonCharacters.Spell(value)));
    }

    public StringSet Intersect(StringSet a, StringSet b)
    {
        if (a.Regex == b.Regex || b.Regex == All.Regex) return a;
        if (a.Regex == All.Regex) return b;
        if (a.Values is { } values) return Filter(a, values, value => Contains(b, value));
        if (b.Values is { } others) return Filter(b, others, value => Contains(a, value));
        return Of(_builder.And(a.Regex, b.Regex));
    }

    public StringSet Union(StringSet a, StringSet b)
    {
        if (a.Regex == b.Regex || b.Regex.IsNothing || a.Regex == All.Regex) return a;
        if (a.Regex.IsNothing || b.Regex == All.Regex) return b;
        return a.Values is { } values && b.Values is { } others ? Of(values.Concat(others)) : Of(_builder.Or(a.Regex, b.Regex));
    }

    public StringSet Except(StringSet set, StringSet excluded)
    {
        if (excluded.Regex.IsNothing) return set;
        if (excluded.Regex == All.Regex || set.Regex == excluded.Regex) return None;
        return set.Values is { } values
            ? Filter(set, values, value => !Contains(excluded, value))
            : Of(_builder.And(set.Regex, _builder.Not(excluded.Regex)));
    }

    public StringSet Complement(StringSet set) => Except(All, set);

    /// <summary>Whether the set has no string.</summary>
    /// <exception cref="SchemaException">It cannot be decided within the limits.</exception>
    public bool IsEmpty(StringSet set)
    {
        if (set.Values is { } values) return values.Count == 0;
        try
        {
            return _builder.IsEmpty(set.Regex);
        }
        catch (RequestException exception)
        {
            throw new SchemaException($"whether a string can satisfy the patterns, formats and lengths together is too hard to decide ({exception.Message})");
        }
    }

    private StringSet Filter(StringSet set, IReadOnlyList<string> values, Func<string, bool> keeps)
    {
        string[] kept = [.. values.Where(keeps)];
        return kept.Length == values.Count ? set : Of(kept);
    }
}
