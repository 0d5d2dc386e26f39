using System.Collections.Concurrent;
using ArchGen.Tokenizers.HuggingFace.Patterns;

namespace ArchGen.Grammars.Regexes;

/// <summary>Sets of code points by name: categories and scripts of Unicode, and what escapes such as <c>\w</c> stand for.</summary>
internal static class NamedClasses
{
    private static readonly ConcurrentDictionary<string, CodePointRanges?> Known = [];

    // The long names of ECMA-262, table 70.
    private static readonly Dictionary<string, string> Categories = new(StringComparer.Ordinal)
    {
        ["Uppercase_Letter"] = "Lu", ["Lowercase_Letter"] = "Ll", ["Titlecase_Letter"] = "Lt", ["Modifier_Letter"] = "Lm", ["Other_Letter"] = "Lo",
        ["Nonspacing_Mark"] = "Mn", ["Spacing_Mark"] = "Mc", ["Enclosing_Mark"] = "Me", ["Combining_Mark"] = "M", ["Decimal_Number"] = "Nd",
        ["Letter_Number"] = "Nl", ["Other_Number"] = "No", ["Space_Separator"] = "Zs", ["Line_Separator"] = "Zl", ["Paragraph_Separator"] = "Zp",
        ["Control"] = "Cc", ["Format"] = "Cf", ["Private_Use"] = "Co", ["Unassigned"] = "Cn", ["Connector_Punctuation"] = "Pc", ["Dash_Punctuation"] = "Pd",
        ["Open_Punctuation"] = "Ps", ["Close_Punctuation"] = "Pe", ["Initial_Punctuation"] = "Pi", ["Final_Punctuation"] = "Pf",
        ["Other_Punctuation"] = "Po", ["Math_Symbol"] = "Sm", ["Currency_Symbol"] = "Sc", ["Modifier_Symbol"] = "Sk", ["Other_Symbol"] = "So",
    };

    public static CodePointRanges AsciiDigit { get; } = CodePointRanges.Of(('0', '9'));

    public static CodePointRanges AsciiWord { get; } = CodePointRanges.Of(('0', '9'), ('a', 'z'), ('A', 'Z'), ('_', '_'));

    /// <summary>WhiteSpace and LineTerminator of ECMA-262.</summary>
    public static CodePointRanges EcmaSpace { get; } = CodePointRanges.Of(
        (0x09, 0x0D), (0x20, 0x20), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000),
        (0xFEFF, 0xFEFF));

    /// <summary>The set of a name such as <c>Lu</c>, <c>Letter</c>, <c>Script=Greek</c>; null if it is not known.</summary>
    public static CodePointRanges? Find(string name)
    {
        if (name.Length > 64) return null;
        var at = name.IndexOf('=');
        if (at >= 0 && name[..at] is ("Script" or "sc" or "scx" or "Script_Extensions" or "General_Category" or "gc")) name = name[(at + 1)..];
        name = Categories.GetValueOrDefault(name, name);
        if (Known.TryGetValue(name, out var known)) return known;
        return CodePointSet.Named(name) is { } contains ? Known.GetOrAdd(name, CodePointRanges.Where(contains)) : null;
    }
}
