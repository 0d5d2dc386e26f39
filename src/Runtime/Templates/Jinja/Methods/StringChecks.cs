using ArchGen.Templates.Jinja.Filters;
using ArchGen.Templates.Jinja.Formatting;
using ArchGen.Templates.Jinja.Running;
using ArchGen.Templates.Jinja.Tests;
using ArchGen.Templates.Jinja.Values;

namespace ArchGen.Templates.Jinja.Methods;

/// <summary>The methods of strings that search, or that check all characters.</summary>
internal static class StringChecks
{
    public static TemplateValue Find(JinjaString text, string name) => name switch
    {
        "startswith" => Search(text, name, (part, prefix) => part.StartsWith(prefix, StringComparison.Ordinal)),
        "endswith" => Search(text, name, (part, suffix) => part.EndsWith(suffix, StringComparison.Ordinal)),
        "find" or "index" => Locate(text, name, (part, old) => part.IndexOf(old, StringComparison.Ordinal)),
        "rfind" or "rindex" => Locate(text, name, (part, old) => old.Length == 0 ? part.Length : part.LastIndexOf(old, StringComparison.Ordinal)),
        "count" => Method(new Signature(name, 1, "*sub", "*start", "*end"), (_, a) => Count(Part(text, a[1], a[2]), FilterArguments.String(a[0], "sub"))),
        "isspace" => Check(text, name, (value, at) => Characters.IsSpace(value[at])),
        "isalpha" => Check(text, name, Characters.IsLetter),
        "isalnum" => Check(text, name, (value, at) => Characters.IsLetter(value, at) || Characters.IsNumeric(value, at)),
        "isdigit" => Check(text, name, Characters.IsDigit),
        "isdecimal" => Check(text, name, Characters.IsDecimal),
        "isnumeric" => Check(text, name, Characters.IsNumeric),
        "isprintable" => Result(name, text.Length == 0 || All(text.Value, Characters.IsPrintable)),
        "isascii" => Result(name, System.Text.Ascii.IsValid(text.Value)),
        "isidentifier" => Result(name, Characters.IsIdentifier(text.Value)),
        "islower" => Result(name, TestTable.IsCase(text.Value, Characters.IsLower)),
        "isupper" => Result(name, TestTable.IsCase(text.Value, Characters.IsUpper)),
        "istitle" => Result(name, IsTitle(text.Value)),
        _ => default,
    };

    private static TemplateValue Method(Signature signature, Func<Renderer, TemplateValue[], TemplateValue> call) =>
        TemplateValue.Of(new BoundMethod(signature, call));

    private static TemplateValue Result(string name, bool holds) => Method(new Signature(name, 0), (_, _) => holds);

    private static TemplateValue Check(JinjaString text, string name, Func<string, int, bool> isOne) =>
        Result(name, text.Length > 0 && All(text.Value, isOne));

    private static bool All(string text, Func<string, int, bool> isOne)
    {
        for (var i = 0; i < text.Length; i += char.IsSurrogatePair(text, i) ? 2 : 1)
        {
            if (!isOne(text, i)) return false;
        }

        return true;
    }

    // Upper and title case only at the beginning of words, which are sequences of cased characters.
    private static bool IsTitle(string text)
    {
        var (isInWord, hasCased) = (false, false);
        for (var i = 0; i < text.Length; i += char.IsSurrogatePair(text, i) ? 2 : 1)
        {
            var isCased = CaseMapping.IsCased(text, i);
            if (isCased && Characters.IsLower(text, i) != isInWord) return false;
            hasCased |= isCased;
            isInWord = isCased;
        }

        return hasCased;
    }

    private static JinjaString Part(JinjaString text, TemplateValue start, TemplateValue end)
    {
        var (first, _, count) = Indexing.Slice(start, end, default, text.CodePoints);
        return text.Slice(text.PositionOf((int)first), text.PositionOf((int)(first + count)));
    }

    private static TemplateValue Search(JinjaString text, string name, Func<string, string, bool> holds) =>
        Method(new Signature(name, 1, "*value", "*start", "*end"), (renderer, a) =>
        {
            var part = Part(text, a[1], a[2]).Value;
            if (a[0].IsString) return holds(part, a[0].String.Value);
            if (a[0].Object is not Sequence { IsTuple: true } options)
                throw TemplateFault.Type($"{name} first arg must be str or a tuple of str, not {TypeNames.Of(a[0])}");
            return options.Items.Any(option => holds(part, FilterArguments.String(option, "an element of the tuple").Value));
        });

    private static TemplateValue Locate(JinjaString text, string name, Func<string, string, int> find) =>
        Method(new Signature(name, 1, "*sub", "*start", "*end"), (_, a) =>
        {
            var (first, _, count) = Indexing.Slice(a[1], a[2], default, text.CodePoints);
            var from = text.PositionOf((int)first);
            var part = text.Value[from..text.PositionOf((int)(first + count))];
            var at = find(part, FilterArguments.String(a[0], "sub").Value);
            if (at >= 0) return (long)text.CodePointOf(from + at);
            return name is "find" or "rfind" ? -1 : throw TemplateFault.Value("substring not found");
        });

    private static TemplateValue Count(JinjaString text, JinjaString old)
    {
        if (old.Length == 0) return text.CodePoints + 1L;
        var count = 0L;
        for (var i = 0; (i = text.Value.IndexOf(old.Value, i, StringComparison.Ordinal)) >= 0; i += old.Length) count++;
        return count;
    }
}
