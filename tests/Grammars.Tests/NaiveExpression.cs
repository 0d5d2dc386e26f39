using ArchGen.Grammars.Regexes;

namespace ArchGen.Grammars.Tests;

/// <summary>
/// A random regular expression over a few letters, and its language by definition: the set of all its strings up to a length. Nothing of the engine is used.
/// </summary>
internal sealed record NaiveExpression(char Kind, string Letters, int Min, int Max, params NaiveExpression[] Parts)
{
    public const string Alphabet = "abc";

    /// <summary>Letters (L), concatenation (.), union (|), repetition (*), intersection (&amp;) and complement (~).</summary>
    public static NaiveExpression Random(Random random, int depth, bool booleans)
    {
        var kind = depth == 0 ? 'L' : (booleans ? "LL..||**&~" : "LL..||**")[random.Next(booleans ? 10 : 8)];
        switch (kind)
        {
            case 'L':
                return new('L', random.Next(3) > 0 ? Alphabet[random.Next(3)].ToString() : Alphabet.Remove(random.Next(3), 1), 0, 0);
            case '*':
                var min = random.Next(3);
                int[] maxima = [min, min + 1, min + 2, RegexBuilder.Unbounded];
                return new('*', "", min, maxima[random.Next(4)], Random(random, depth - 1, booleans));
            case '~':
                return new('~', "", 0, 0, Random(random, depth - 1, booleans));
            default:
                return new(kind, "", 0, 0, Random(random, depth - 1, booleans), Random(random, depth - 1, booleans));
        }
    }

    public static IReadOnlyList<string> AllStrings(int longest)
    {
        List<string> all = [""];
        for (var i = 0; i < all.Count; i++)
        {
            if (all[i].Length < longest) all.AddRange(Alphabet.Select(letter => all[i] + letter));
        }

        return all;
    }

    public static HashSet<string> Concat(HashSet<string> a, HashSet<string> b, int longest)
    {
        HashSet<string> result = [];
        foreach (var head in a)
        {
            foreach (var tail in b)
            {
                if (head.Length + tail.Length <= longest) result.Add(head + tail);
            }
        }

        return result;
    }

    public Regex Build(RegexBuilder builder)
    {
        Regex[] parts = [.. Parts.Select(part => part.Build(builder))];
        return Kind switch
        {
            'L' => Letters.Aggregate(Regex.Nothing, (set, letter) => builder.Or(set, builder.Literal(letter.ToString()))),
            '.' => builder.Concat(parts),
            '|' => builder.Or(parts),
            '&' => builder.And(parts),
            '~' => builder.Not(parts[0]),
            _ => builder.Repeat(parts[0], Min, Max),
        };
    }

    /// <summary>The strings of the language that are no longer than this.</summary>
    public HashSet<string> Strings(int longest)
    {
        HashSet<string>[] parts = [.. Parts.Select(part => part.Strings(longest))];
        switch (Kind)
        {
            case 'L':
                return [.. Letters.Select(letter => letter.ToString()).Where(text => text.Length <= longest)];
            case '.':
                return Concat(parts[0], parts[1], longest);
            case '|':
                return [.. parts[0], .. parts[1]];
            case '&':
                return [.. parts[0].Where(parts[1].Contains)];
            case '~':
                return [.. AllStrings(longest).Where(text => !parts[0].Contains(text))];
            default:
                return Repeated(parts[0], longest);
        }
    }

    /// <summary>The beginnings of the language's strings that are no longer than this. Not for intersections and complements.</summary>
    public HashSet<string> Beginnings(int longest) => Kind switch
    {
        'L' => [.. Strings(longest), ""],
        '.' => [.. Parts[0].Beginnings(longest), .. Concat(Parts[0].Strings(longest), Parts[1].Beginnings(longest), longest)],
        '|' => [.. Parts[0].Beginnings(longest), .. Parts[1].Beginnings(longest)],
        '*' => RepeatedBeginnings(longest),
        _ => throw new NotSupportedException(),
    };

    private HashSet<string> RepeatedBeginnings(int longest)
    {
        if (Max == 0) return [""];
        var parts = Parts[0].Strings(longest);
        var last = Parts[0].Beginnings(longest);
        HashSet<string> before = [""];
        HashSet<string> result = [];
        for (var i = 0; i < Math.Min(Max, longest + Min + 1); i++)
        {
            result.UnionWith(Concat(before, last, longest));
            before = Concat(before, parts, longest);
        }

        return result;
    }

    private HashSet<string> Repeated(HashSet<string> parts, int longest)
    {
        HashSet<string> before = [""];
        HashSet<string> result = Min == 0 ? [""] : [];
        for (var i = 1; i <= Math.Min(Max, longest + Min + 1); i++)
        {
            before = Concat(before, parts, longest);
            if (i >= Min) result.UnionWith(before);
        }

        return result;
    }
}
