namespace ArchGen.Tokenizers;

/// <summary>Where in a text control tokens are read.</summary>
/// <param name="isAllowed">Whether they are read at all.</param>
/// <param name="plain">Ranges in which they are text like any other, sorted and apart; null if there are none.</param>
internal readonly struct SpecialScope(bool isAllowed, (int Start, int End)[]? plain = null)
{
    /// <summary>Whether control tokens are read at all.</summary>
    public bool IsAllowed => isAllowed;

    /// <summary>Whether one that spans these characters is read: none of them may be in a plain range.</summary>
    public bool Allows(int start, int end)
    {
        if (!isAllowed || plain is null) return isAllowed;
        // The first range that ends after the start.
        int low = 0, high = plain.Length;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (plain[middle].End > start) high = middle;
            else low = middle + 1;
        }

        return low == plain.Length || plain[low].Start >= end;
    }
}
