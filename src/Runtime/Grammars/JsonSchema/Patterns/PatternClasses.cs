using System.Collections.Concurrent;
using System.Globalization;
using ArchGen.Grammars.Regexes;

namespace ArchGen.Grammars.JsonSchema.Patterns;

/// <summary>The named classes of characters of ECMA-262, section 22.2.2.9.</summary>
internal static class PatternClasses
{
    private static readonly ConcurrentDictionary<string, CodePointRanges> Properties = new(StringComparer.Ordinal);

    private static readonly string[] Categories =
    [
        "Lu Uppercase_Letter", "Ll Lowercase_Letter", "Lt Titlecase_Letter", "Lm Modifier_Letter", "Lo Other_Letter", "Mn Nonspacing_Mark", "Mc Spacing_Mark",
        "Me Enclosing_Mark", "Nd Decimal_Number", "Nl Letter_Number", "No Other_Number", "Zs Space_Separator", "Zl Line_Separator",
        "Zp Paragraph_Separator", "Cc Control", "Cf Format", "Cs Surrogate", "Co Private_Use", "Pc Connector_Punctuation", "Pd Dash_Punctuation",
        "Ps Open_Punctuation", "Pe Close_Punctuation", "Pi Initial_Punctuation", "Pf Final_Punctuation", "Po Other_Punctuation", "Sm Math_Symbol",
        "Sc Currency_Symbol", "Sk Modifier_Symbol", "So Other_Symbol", "Cn Unassigned",
    ];

    private static readonly string[] Groups =
    [
        "L Letter", "M Mark Combining_Mark", "N Number", "Z Separator", "C Other", "P Punctuation punct", "S Symbol",
    ];

    /// <summary>Any character but the ends of lines.</summary>
    public static CodePointRanges Dot { get; } = CodePointRanges.Of(('\n', '\n'), ('\r', '\r'), (0x2028, 0x2029)).Complement();

    private static CodePointRanges Digit { get; } = CodePointRanges.Of(('0', '9'));

    private static CodePointRanges Word { get; } = CodePointRanges.Of(('0', '9'), ('A', 'Z'), ('a', 'z'), ('_', '_'));

    private static CodePointRanges Space { get; } = CodePointRanges.Of(
        ('\t', '\r'), (' ', ' '), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000),
        (0xFEFF, 0xFEFF));

    /// <summary>The class or control character of an escape; null if it is none.</summary>
    public static CodePointRanges? Find(char escape) => escape switch
    {
        'd' => Digit,
        'D' => Digit.Complement(),
        'w' => Word,
        'W' => Word.Complement(),
        's' => Space,
        'S' => Space.Complement(),
        't' => CodePointRanges.Of(('\t', '\t')),
        'n' => CodePointRanges.Of(('\n', '\n')),
        'v' => CodePointRanges.Of(('\v', '\v')),
        'f' => CodePointRanges.Of(('\f', '\f')),
        'r' => CodePointRanges.Of(('\r', '\r')),
        _ => null,
    };

    /// <summary>The characters of a Unicode property: a general category, <c>Any</c>, <c>ASCII</c>; null if it is another.</summary>
    public static CodePointRanges? Property(string name)
    {
        var value = name.StartsWith("General_Category=", StringComparison.Ordinal) || name.StartsWith("gc=", StringComparison.Ordinal)
            ? name[(name.IndexOf('=', StringComparison.Ordinal) + 1)..]
            : name;
        if (value == "Any") return CodePointRanges.All;
        if (value == "ASCII") return CodePointRanges.Of((0, 127));
        if (Properties.TryGetValue(value, out var known)) return known;
        var category = Array.FindIndex(Categories, names => names.Split(' ').Contains(value, StringComparer.Ordinal));
        var group = Array.Find(Groups, names => names.Split(' ').Contains(value, StringComparer.Ordinal));
        if (category < 0 && group is null) return null;
        var set = CodePointRanges.Where(point =>
        {
            var found = (int)CharUnicodeInfo.GetUnicodeCategory(point);
            return group is null ? found == category : Categories[found][0] == group[0];
        });
        return Properties.GetOrAdd(value, set);
    }
}
