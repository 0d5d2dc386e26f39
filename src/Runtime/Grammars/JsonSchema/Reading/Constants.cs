using System.Text.Json;
using ArchGen.Grammars.JsonSchema.Numbers;
using ArchGen.Grammars.JsonSchema.Sets;

namespace ArchGen.Grammars.JsonSchema.Reading;

/// <summary>Sets of listed values.</summary>
internal static class Constants
{
    /// <summary>The values of a list.</summary>
    public static ValueSet Of(SetAlgebra algebra, IEnumerable<JsonElement> values, string path)
    {
        var set = ValueSet.None;
        List<string> strings = [];
        List<NumberSet> numbers = [];
        List<ArrayShape> arrays = [];
        List<ObjectShape> objects = [];
        foreach (var value in values)
        {
            switch (value.ValueKind)
            {
                case JsonValueKind.Null:
                    set = set with { Null = true };
                    break;
                case JsonValueKind.True:
                    set = set with { True = true };
                    break;
                case JsonValueKind.False:
                    set = set with { False = true };
                    break;
                case JsonValueKind.Number:
                    numbers.Add(NumberSet.Of(DecimalRules.Compare(Values.Number(value, path), less: false, equal: true, greater: false)));
                    break;
                case JsonValueKind.String:
                    strings.Add(value.GetString()!);
                    break;
                case JsonValueKind.Array:
                    arrays.Add(ArrayOf(algebra, value, path));
                    break;
                default:
                    objects.Add(ObjectOf(algebra, value, path));
                    break;
            }
        }

        var listed = algebra.Strings.Of(strings);
        return set with
        {
            Strings = listed.Regex.IsNothing ? null : listed,
            Numbers = Union(numbers),
            Arrays = [.. arrays],
            Objects = [.. objects],
        };
    }

    private static ArrayShape ArrayOf(SetAlgebra algebra, JsonElement value, string path)
    {
        Term[] items = [.. value.EnumerateArray().Select(item => algebra.Terms.Of(Of(algebra, [item], path)))];
        return new() { Prefix = items, Rest = Term.Never, Min = items.Length, Max = items.Length, Path = path };
    }

    private static ObjectShape ObjectOf(SetAlgebra algebra, JsonElement value, string path)
    {
        var members = value.EnumerateObject().Select(member => new Member(member.Name, algebra.Terms.Of(Of(algebra, [member.Value], path)), true, true));
        return new() { Members = [.. members], Regions = [new(algebra.Strings.All, Term.Never)], Path = path };
    }

    /// <summary>By halves, so that a long list takes time in proportion to its length.</summary>
    private static NumberSet Union(List<NumberSet> sets)
    {
        while (sets.Count > 1)
        {
            List<NumberSet> halved = [];
            for (var i = 0; i < sets.Count; i += 2) halved.Add(i + 1 < sets.Count ? NumberSet.Union(sets[i], sets[i + 1]) : sets[i]);
            sets = halved;
        }

        return sets.Count == 0 ? NumberSet.None : sets[0];
    }
}
