using System.Globalization;
using System.Text;
using ArchGen.Tokenizers.Unicode;

namespace ArchGen.Tokenizers.HuggingFace.Patterns;

/// <summary>A set of code points, as a character class of a regular expression writes it.</summary>
internal sealed class CodePointSet
{
    private readonly List<(int First, int Last)> _ranges = [];
    private readonly List<(Func<int, bool> Contains, bool Negated)> _parts = [];
    private readonly List<CodePointSet> _intersections = [];
    private readonly bool[] _ascii = new bool[128];
    private readonly Lazy<sbyte[]> _known = new(() => new sbyte[0x10000]); // beyond ASCII: 1 is in, -1 is out, 0 not asked yet

    private bool _negated;

    public void Add(int first, int last) => _ranges.Add((first, last));

    public void Add(Func<int, bool> contains, bool negated) => _parts.Add((contains, negated));

    public void Add(CodePointSet nested) => _parts.Add((nested.Contains, false));

    /// <summary>Keeps only what is also in another set.</summary>
    public void Intersect(CodePointSet other) => _intersections.Add(other);

    /// <summary>Ends the definition.</summary>
    /// <param name="ignoreCase">Also take the other cases of the ranges' members, with the long s and the Kelvin and Angstrom signs.</param>
    public CodePointSet Complete(bool negated, bool ignoreCase)
    {
        _negated = negated;
        if (ignoreCase) AddOtherCases();
        for (var c = 0; c < _ascii.Length; c++) _ascii[c] = Decide(c);
        return this;
    }

    public bool Contains(int point)
    {
        if (point < 128) return _ascii[point];
        if (point > 0xFFFF) return Decide(point);
        ref var known = ref _known.Value[point];
        if (known == 0) known = (sbyte)(Decide(point) ? 1 : -1);
        return known > 0;
    }

    /// <summary>The set of a name such as <c>p{Lu}</c>, <c>d</c> or <c>alpha</c>; null if it is not known.</summary>
    public static Func<int, bool>? Named(string name)
    {
        var key = name.Replace("_", "").Replace(" ", "").Replace("-", "").ToLowerInvariant();
        if (key is "") return null;
        return key switch
        {
            "s" or "space" or "whitespace" => point => Rune.IsValid(point) && Rune.IsWhiteSpace(new Rune(point)),
            "d" or "digit" or "nd" => point => CategoryOf(point) == UnicodeCategory.DecimalDigitNumber,
            "w" or "word" => IsWord,
            "h" or "xdigit" => point => point < 128 && char.IsAsciiHexDigit((char)point),
            "alpha" or "alphabetic" => point => CategoryOf(point) is <= UnicodeCategory.EnclosingMark or UnicodeCategory.LetterNumber,
            "alnum" => point => CategoryOf(point) is <= UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber,
            "punct" or "punctuation" or "p" => Group(UnicodeCategory.ConnectorPunctuation, UnicodeCategory.OtherPunctuation),
            "upper" or "uppercase" => point => CategoryOf(point) == UnicodeCategory.UppercaseLetter,
            "lower" or "lowercase" => point => CategoryOf(point) == UnicodeCategory.LowercaseLetter,
            "cntrl" => point => CategoryOf(point) == UnicodeCategory.Control,
            "ascii" => point => point < 128,
            "any" => _ => true,
            "l" or "letter" => Group(UnicodeCategory.UppercaseLetter, UnicodeCategory.OtherLetter),
            "m" or "mark" => Group(UnicodeCategory.NonSpacingMark, UnicodeCategory.EnclosingMark),
            "n" or "number" => Group(UnicodeCategory.DecimalDigitNumber, UnicodeCategory.OtherNumber),
            "symbol" => Group(UnicodeCategory.MathSymbol, UnicodeCategory.OtherSymbol),
            "z" or "separator" => Group(UnicodeCategory.SpaceSeparator, UnicodeCategory.ParagraphSeparator),
            "c" or "other" => point => CategoryOf(point) is (>= UnicodeCategory.Control and <= UnicodeCategory.PrivateUse) or UnicodeCategory.OtherNotAssigned,
            _ when CategoryNames.IndexOf(' ' + key + ' ', StringComparison.Ordinal) is >= 0 and var at => Only((UnicodeCategory)(at / 3)),
            _ when UnicodeScripts.Find(key) is { } script => point => UnicodeScripts.Of(point) == script,
            _ => null,
        };
    }

    /// <summary>A letter, mark, digit or connector, as <c>\w</c> of regular expressions over Unicode means it (UTS 18, annex C).</summary>
    public static bool IsWord(int point) =>
        CategoryOf(point) is <= UnicodeCategory.LetterNumber or UnicodeCategory.ConnectorPunctuation || point is 0x200C or 0x200D or (>= 0x24B6 and <= 0x24E9);

    public static UnicodeCategory CategoryOf(int point) => CharUnicodeInfo.GetUnicodeCategory(point);

    // In the order of the enumeration UnicodeCategory.
    private const string CategoryNames = " lu ll lt lm lo mn mc me nd nl no zs zl zp cc cf cs co pc pd ps pe pi pf po sm sc sk so cn ";

    private static Func<int, bool> Group(UnicodeCategory first, UnicodeCategory last) =>
        point => CategoryOf(point) is var category && category >= first && category <= last;

    private static Func<int, bool> Only(UnicodeCategory category) => point => CategoryOf(point) == category;

    private bool Decide(int point)
    {
        var found = false;
        foreach (var (first, last) in _ranges) found |= point >= first && point <= last;
        foreach (var (contains, negated) in _parts) found = found || contains(point) != negated;
        foreach (var other in _intersections) found = found && other.Contains(point);
        return found != _negated;
    }

    private void AddOtherCases()
    {
        foreach (var (first, last) in _ranges.ToArray())
        {
            for (var point = first; point <= last && last - first < 0x1000; point++)
            {
                if (!Rune.IsValid(point)) continue;
                AddOne(Rune.ToLowerInvariant(new Rune(point)).Value);
                AddOne(Rune.ToUpperInvariant(new Rune(point)).Value);
            }
        }

        (int, int)[] folded = [('s', 0x17F), ('k', 0x212A), (0xE5, 0x212B)];
        foreach (var (letter, sign) in folded)
        {
            if (_ranges.Any(range => (range.First <= letter && letter <= range.Last) || (range.First <= sign && sign <= range.Last)))
            {
                AddOne(sign);
                AddOne(letter);
                AddOne(Rune.ToUpperInvariant(new Rune(letter)).Value);
            }
        }
    }

    private void AddOne(int point) => _ranges.Add((point, point));
}
