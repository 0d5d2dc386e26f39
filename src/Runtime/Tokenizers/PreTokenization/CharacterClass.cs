using System.Globalization;

namespace ArchGen.Tokenizers.PreTokenization;

/// <summary>A set of code points, as a split pattern writes it: by kind, and where that is too coarse by ranges.</summary>
internal sealed class CharacterClass
{
    private readonly bool[] _kinds = new bool[CodePointKind.Count];
    private readonly List<(int First, int Last)> _ranges = [];

    private bool _negated;
    private CharacterClass? _except;

    /// <summary>The ideographs that share the property Script=Han and form blocks (Unicode Standard, chapter 18.1).</summary>
    private static readonly (int First, int Last)[] Han =
    [
        (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x2A6DF), (0x2A700, 0x2EBEF), (0x2F800, 0x2FA1F),
    ];

    /// <summary>Membership by kind; complete unless <see cref="NeedsValue"/>.</summary>
    public ReadOnlySpan<bool> Kinds => _kinds;

    /// <summary>Whether membership of a code point beyond ASCII depends on more than its kind.</summary>
    public bool NeedsValue => _ranges.Count > 0 || _except is { NeedsValue: true };

    public bool Contains(byte kind, int value)
    {
        if (!NeedsValue || kind < 128) return _kinds[kind];
        return (_kinds[kind] || InRanges(value)) != _negated && !(_except?.Contains(kind, value) ?? false);
    }

    /// <summary>Whether some code point of that kind may be in the class.</summary>
    public bool MayContain(int kind) => _kinds[kind] || (NeedsValue && kind >= 128);

    public void Add(int first, int last)
    {
        for (var c = first; c <= last && c < 128; c++) _kinds[c] = true;
        if (last >= 128) _ranges.Add((Math.Max(first, 128), last));
    }

    /// <summary>Adds <c>\s</c>, <c>\S</c>, <c>\d</c>, <c>\p{..}</c> or <c>\P{..}</c>; <c>Upper</c> holds title case. False if the name is not known.</summary>
    public bool TryAdd(string name)
    {
        if (name is "p{Han}")
        {
            _ranges.AddRange(Han);
            return true;
        }

        Func<int, bool>? isMember = name switch
        {
            "s" => kind => kind is (>= 9 and <= 13) or ' ',
            "S" => kind => kind is not ((>= 9 and <= 13) or ' '),
            "d" => kind => kind is >= '0' and <= '9',
            "p{L}" => kind => CodePointKind.IsLetter(CategoryOf(kind)),
            "P{L}" => kind => !CodePointKind.IsLetter(CategoryOf(kind)),
            "p{Upper}" => kind => CategoryOf(kind) == CodePointKind.UpperCase,
            "p{Lower}" => kind => CategoryOf(kind) == CodePointKind.LowerCase,
            "p{M}" => kind => CategoryOf(kind) == CodePointKind.Mark,
            "p{N}" => kind => CategoryOf(kind) == CodePointKind.Number,
            "P{N}" => kind => CategoryOf(kind) != CodePointKind.Number,
            "p{P}" => kind => CategoryOf(kind) == CodePointKind.Punctuation,

            // The reference results were computed without the tilde.
            "p{S}" => kind => CategoryOf(kind) == CodePointKind.Symbol && kind != '~',
            _ => null,
        };
        if (isMember is null) return false;
        for (var kind = 0; kind < _kinds.Length; kind++) _kinds[kind] |= isMember(kind);
        return true;
    }

    /// <summary>Ends the definition.</summary>
    public void Complete(bool negated, CharacterClass? except)
    {
        _negated = negated;
        _except = except;
        MergeRanges();
        for (var kind = 0; kind < _kinds.Length; kind++)
        {
            // Code points beyond ASCII are decided in Contains.
            if (NeedsValue && kind >= 128) continue;
            _kinds[kind] = _kinds[kind] != negated && !(except?._kinds[kind] ?? false);
        }
    }

    private static int CategoryOf(int kind) => kind >= 128 ? kind : CodePointKind.OfCategory(CharUnicodeInfo.GetUnicodeCategory((char)kind));

    private void MergeRanges()
    {
        _ranges.Sort();
        for (var i = _ranges.Count - 1; i > 0; i--)
        {
            if (_ranges[i].First > _ranges[i - 1].Last + 1) continue;
            _ranges[i - 1] = (_ranges[i - 1].First, Math.Max(_ranges[i - 1].Last, _ranges[i].Last));
            _ranges.RemoveAt(i);
        }
    }

    private bool InRanges(int value)
    {
        var (low, high) = (0, _ranges.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (value < _ranges[middle].First) high = middle - 1;
            else if (value > _ranges[middle].Last) low = middle + 1;
            else return true;
        }

        return false;
    }
}
