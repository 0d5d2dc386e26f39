using System;
using System.Collections.Generic;

namespace ArchGen;

/// <summary>Finds the name that was probably intended.</summary>
public static class Spelling
{
    /// <summary>
    /// The candidate with the smallest edit distance, if it is small enough for a typing error; the first in ordinal order among equals. Never the name
    /// itself, which is spelled correctly.
    /// </summary>
    public static string? Nearest(string name, IEnumerable<string> candidates)
    {
        if (name is null) throw new ArgumentNullException(nameof(name));
        if (candidates is null) throw new ArgumentNullException(nameof(candidates));
        string? best = null;
        var bestDistance = Math.Max(2, name.Length / 3) + 1;
        foreach (var candidate in candidates)
        {
            if (candidate == name) continue;
            var distance = Distance(name, candidate);
            if (distance < bestDistance || (distance == bestDistance && best is not null && string.CompareOrdinal(candidate, best) < 0))
            {
                (best, bestDistance) = (candidate, distance);
            }
        }

        return best;
    }

    /// <summary>The Levenshtein distance.</summary>
    private static int Distance(string a, string b)
    {
        var previous = new int[b.Length + 1];
        var current = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++) previous[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                current[j] = Math.Min(Math.Min(current[j - 1], previous[j]) + 1, previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
            }

            (previous, current) = (current, previous);
        }

        return previous[b.Length];
    }
}
