using System.Text;
using ArchGen.Templates.Jinja.Values;

namespace ArchGen.Templates.Jinja.Formatting;

/// <summary>
/// Python's upper, lower, title and the like: Unicode's full case mapping, in which one character may become several (SpecialCasing.txt). What a character
/// becomes has its origin.
/// </summary>
internal static class CaseMapping
{
    // A character, what it becomes, a semicolon.
    private const string UpperTable =
        "\u00dfSS;\u0149\u02bcN;\u01f0J\u030c;\u0390\u0399\u0308\u0301;\u03b0\u03a5\u0308\u0301;\u0587\u0535\u0552;\u1e96H\u0331;"
        + "\u1e97T\u0308;\u1e98W\u030a;\u1e99Y\u030a;\u1e9aA\u02be;\u1f50\u03a5\u0313;\u1f52\u03a5\u0313\u0300;\u1f54\u03a5\u0313\u0301;"
        + "\u1f56\u03a5\u0313\u0342;\u1f80\u1f08\u0399;\u1f81\u1f09\u0399;\u1f82\u1f0a\u0399;\u1f83\u1f0b\u0399;\u1f84\u1f0c\u0399;"
        + "\u1f85\u1f0d\u0399;\u1f86\u1f0e\u0399;\u1f87\u1f0f\u0399;\u1f88\u1f08\u0399;\u1f89\u1f09\u0399;\u1f8a\u1f0a\u0399;"
        + "\u1f8b\u1f0b\u0399;\u1f8c\u1f0c\u0399;\u1f8d\u1f0d\u0399;\u1f8e\u1f0e\u0399;\u1f8f\u1f0f\u0399;\u1f90\u1f28\u0399;"
        + "\u1f91\u1f29\u0399;\u1f92\u1f2a\u0399;\u1f93\u1f2b\u0399;\u1f94\u1f2c\u0399;\u1f95\u1f2d\u0399;\u1f96\u1f2e\u0399;"
        + "\u1f97\u1f2f\u0399;\u1f98\u1f28\u0399;\u1f99\u1f29\u0399;\u1f9a\u1f2a\u0399;\u1f9b\u1f2b\u0399;\u1f9c\u1f2c\u0399;"
        + "\u1f9d\u1f2d\u0399;\u1f9e\u1f2e\u0399;\u1f9f\u1f2f\u0399;\u1fa0\u1f68\u0399;\u1fa1\u1f69\u0399;\u1fa2\u1f6a\u0399;"
        + "\u1fa3\u1f6b\u0399;\u1fa4\u1f6c\u0399;\u1fa5\u1f6d\u0399;\u1fa6\u1f6e\u0399;\u1fa7\u1f6f\u0399;\u1fa8\u1f68\u0399;"
        + "\u1fa9\u1f69\u0399;\u1faa\u1f6a\u0399;\u1fab\u1f6b\u0399;\u1fac\u1f6c\u0399;\u1fad\u1f6d\u0399;\u1fae\u1f6e\u0399;"
        + "\u1faf\u1f6f\u0399;\u1fb2\u1fba\u0399;\u1fb3\u0391\u0399;\u1fb4\u0386\u0399;\u1fb6\u0391\u0342;\u1fb7\u0391\u0342\u0399;"
        + "\u1fbc\u0391\u0399;\u1fc2\u1fca\u0399;\u1fc3\u0397\u0399;\u1fc4\u0389\u0399;\u1fc6\u0397\u0342;\u1fc7\u0397\u0342\u0399;"
        + "\u1fcc\u0397\u0399;\u1fd2\u0399\u0308\u0300;\u1fd3\u0399\u0308\u0301;\u1fd6\u0399\u0342;\u1fd7\u0399\u0308\u0342;"
        + "\u1fe2\u03a5\u0308\u0300;\u1fe3\u03a5\u0308\u0301;\u1fe4\u03a1\u0313;\u1fe6\u03a5\u0342;\u1fe7\u03a5\u0308\u0342;"
        + "\u1ff2\u1ffa\u0399;\u1ff3\u03a9\u0399;\u1ff4\u038f\u0399;\u1ff6\u03a9\u0342;\u1ff7\u03a9\u0342\u0399;\u1ffc\u03a9\u0399;\ufb00FF;"
        + "\ufb01FI;\ufb02FL;\ufb03FFI;\ufb04FFL;\ufb05ST;\ufb06ST;\ufb13\u0544\u0546;\ufb14\u0544\u0535;\ufb15\u0544\u053b;"
        + "\ufb16\u054e\u0546;\ufb17\u0544\u053d;";

    // Where the title case of these characters is not their upper case.
    private const string TitleTable =
        "\u00dfSs;\u0587\u0535\u0582;\u1f80\u1f88;\u1f81\u1f89;\u1f82\u1f8a;\u1f83\u1f8b;\u1f84\u1f8c;\u1f85\u1f8d;\u1f86\u1f8e;"
        + "\u1f87\u1f8f;\u1f88\u1f88;\u1f89\u1f89;\u1f8a\u1f8a;\u1f8b\u1f8b;\u1f8c\u1f8c;\u1f8d\u1f8d;\u1f8e\u1f8e;\u1f8f\u1f8f;\u1f90\u1f98;"
        + "\u1f91\u1f99;\u1f92\u1f9a;\u1f93\u1f9b;\u1f94\u1f9c;\u1f95\u1f9d;\u1f96\u1f9e;\u1f97\u1f9f;\u1f98\u1f98;\u1f99\u1f99;\u1f9a\u1f9a;"
        + "\u1f9b\u1f9b;\u1f9c\u1f9c;\u1f9d\u1f9d;\u1f9e\u1f9e;\u1f9f\u1f9f;\u1fa0\u1fa8;\u1fa1\u1fa9;\u1fa2\u1faa;\u1fa3\u1fab;\u1fa4\u1fac;"
        + "\u1fa5\u1fad;\u1fa6\u1fae;\u1fa7\u1faf;\u1fa8\u1fa8;\u1fa9\u1fa9;\u1faa\u1faa;\u1fab\u1fab;\u1fac\u1fac;\u1fad\u1fad;\u1fae\u1fae;"
        + "\u1faf\u1faf;\u1fb2\u1fba\u0345;\u1fb3\u1fbc;\u1fb4\u0386\u0345;\u1fb7\u0391\u0342\u0345;\u1fbc\u1fbc;\u1fc2\u1fca\u0345;"
        + "\u1fc3\u1fcc;\u1fc4\u0389\u0345;\u1fc7\u0397\u0342\u0345;\u1fcc\u1fcc;\u1ff2\u1ffa\u0345;\u1ff3\u1ffc;\u1ff4\u038f\u0345;"
        + "\u1ff7\u03a9\u0342\u0345;\u1ffc\u1ffc;\ufb00Ff;\ufb01Fi;\ufb02Fl;\ufb03Ffi;\ufb04Ffl;\ufb05St;\ufb06St;\ufb13\u0544\u0576;"
        + "\ufb14\u0544\u0565;\ufb15\u0544\u056b;\ufb16\u054e\u0576;\ufb17\u0544\u056d;";

    private static readonly Dictionary<char, string> SpecialUpper = Read(UpperTable), SpecialTitle = Read(TitleTable);

    public static JinjaString Upper(JinjaString text) => Map(text, (value, at, width) => Upper(value.AsSpan(at, width)));

    public static JinjaString Lower(JinjaString text) => Map(text, Lower);

    public static JinjaString SwapCase(JinjaString text) => Map(text, (value, at, width) =>
        Characters.IsUpper(value, at) ? Lower(value, at, width) : Characters.IsLower(value, at) ? Upper(value.AsSpan(at, width)) : value.Substring(at, width));

    /// <summary>str.capitalize: the first character in title case, the others in lower case.</summary>
    public static JinjaString Capitalize(JinjaString text) =>
        Map(text, (value, at, width) => at == 0 ? Title(value.AsSpan(at, width)) : Lower(value, at, width));

    /// <summary>str.title: as capitalize, for each sequence of letters.</summary>
    public static JinjaString Title(JinjaString text)
    {
        var isInWord = false;
        return Map(text, (value, at, width) =>
        {
            var mapped = isInWord ? Lower(value, at, width) : Title(value.AsSpan(at, width));
            isInWord = IsCased(value, at);
            return mapped;
        });
    }

    /// <summary>str.casefold, but for the few characters whose folding is not their lower case or that of their upper case.</summary>
    public static JinjaString Fold(JinjaString text) => Map(text, (value, at, width) => value[at] switch
    {
        'ß' or 'ẞ' => "ss",
        'ς' => "σ",
        var c when SpecialUpper.TryGetValue(c, out var upper) => upper.ToLowerInvariant(),
        _ => Lower(value, at, width),
    });

    public static bool IsCased(string text, int at) => Characters.IsUpper(text, at) || Characters.IsLower(text, at) || Characters.IsTitle(text, at);

    private static JinjaString Map(JinjaString text, Func<string, int, int, string> map)
    {
        var value = text.Value;
        var mapped = new StringBuilder(value.Length);
        var runs = new List<Run>();
        foreach (var (start, end, origin) in text.Runs(0, text.Length))
        {
            for (var i = start; i < end;)
            {
                var width = text.WidthAt(i);
                mapped.Append(map(value, i, width));
                i += width;
            }

            runs.Add(new Run(mapped.Length, origin));
        }

        var result = JinjaString.Of(mapped.ToString(), System.Runtime.InteropServices.CollectionsMarshal.AsSpan(runs));
        return text.IsMarkup ? result.AsMarkup() : result;
    }

    private static string Upper(ReadOnlySpan<char> character) =>
        SpecialUpper.TryGetValue(character[0], out var special) ? special : Rune.TryGetRuneAt(character.ToString(), 0, out var rune)
            ? Rune.ToUpperInvariant(rune).ToString() : character.ToString();

    private static string Title(ReadOnlySpan<char> character) => SpecialTitle.TryGetValue(character[0], out var special) ? special : character[0] switch
    {
        >= '\u01C4' and <= '\u01C6' => "\u01C5",
        >= '\u01C7' and <= '\u01C9' => "\u01C8",
        >= '\u01CA' and <= '\u01CC' => "\u01CB",
        >= '\u01F1' and <= '\u01F3' => "\u01F2",
        >= '\u10D0' and <= '\u10FF' => character.ToString(), // Georgian has no title case
        _ => Upper(character),
    };

    private static string Lower(string text, int at, int width)
    {
        if (text[at] == '\u0130') return "i\u0307";
        if (text[at] == '\u03A3') return IsFinalSigma(text, at) ? "\u03C2" : "\u03C3";
        return Rune.TryGetRuneAt(text, at, out var rune) ? Rune.ToLowerInvariant(rune).ToString() : text.Substring(at, width);
    }

    // A capital sigma after a letter and not before one.
    private static bool IsFinalSigma(string text, int at)
    {
        var (before, after) = (at - 1, at + 1);
        while (before >= 0 && IsIgnorable(text[before])) before--;
        while (after < text.Length && IsIgnorable(text[after])) after++;
        return before >= 0 && IsCasedAt(text, before) && !(after < text.Length && IsCasedAt(text, after));
    }

    private static bool IsCasedAt(string text, int at) => IsCased(text, at > 0 && char.IsLowSurrogate(text[at]) ? at - 1 : at);

    private static bool IsIgnorable(char c) => c is '\'' or '.' or ':' or '^' or '`' or '\u00A8' or '\u00AD' or '\u00AF' or '\u00B4' or '\u00B7' or '\u00B8'
        || char.GetUnicodeCategory(c) is System.Globalization.UnicodeCategory.NonSpacingMark or System.Globalization.UnicodeCategory.Format
            or System.Globalization.UnicodeCategory.ModifierLetter or System.Globalization.UnicodeCategory.EnclosingMark;

    private static Dictionary<char, string> Read(string table) =>
        table.Split(';', StringSplitOptions.RemoveEmptyEntries).ToDictionary(entry => entry[0], entry => entry[1..]);
}
