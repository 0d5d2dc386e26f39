using ArchGen.Templates.Jinja.Formatting;
using ArchGen.Templates.Jinja.Running;
using ArchGen.Templates.Jinja.Values;

namespace ArchGen.Templates.Jinja.Methods;

/// <summary>The methods of lists and tuples. Those that change a list are forbidden by Jinja2's sandbox; two of them can be allowed.</summary>
internal static class SequenceMethods
{
    /// <summary>A method; missing if there is none of the name.</summary>
    /// <param name="list">The list or tuple.</param>
    /// <param name="name">The name.</param>
    /// <param name="canChange">Whether the list may be changed.</param>
    public static TemplateValue Find(Sequence list, string name, bool canChange) => name switch
    {
        "append" when canChange => Method(new Signature("append", 1, "*object"), (renderer, a) =>
        {
            list.Change(renderer, [.. list.Items, a[0]]);
            return TemplateValue.None;
        }),
        "pop" when canChange => Method(new Signature("pop", 0, "*index"), (renderer, a) => Pop(renderer, list, a[0])),
        "count" => Method(new Signature("count", 1, "*value"), (renderer, a) =>
            (long)list.Items.Count(item => Equality.AreEqual(item, a[0], renderer.Budget))),
        "index" => Method(new Signature("index", 1, "*value", "*start", "*stop"), (renderer, a) => IndexOf(renderer, list, a)),
        "copy" when !list.IsTuple => Method(new Signature("copy", 0), (_, _) =>
            TemplateValue.Of(canChange ? new Sequence(list.Items) { IsWritten = true } : list)),
        "append" or "clear" or "pop" or "reverse" or "insert" or "sort" or "extend" or "remove" when !list.IsTuple =>
            UndefinedReason.Unsafe(TemplateValue.Of(list), name),
        _ => default,
    };

    private static TemplateValue Method(Signature signature, Func<Renderer, TemplateValue[], TemplateValue> call) =>
        TemplateValue.Of(new BoundMethod(signature, call));

    private static TemplateValue Pop(Renderer renderer, Sequence list, TemplateValue index)
    {
        if (list.Count == 0) throw new TemplateFault(TemplateErrorKind.LookupError, "pop from empty list");
        if (!index.IsMissing && !index.IsInteger) throw TemplateFault.Type($"'{TypeNames.Of(index)}' object cannot be interpreted as an integer");
        if (!Indexing.TryIndex(index.IsMissing ? -1L : index, list.Count, out var at))
            throw new TemplateFault(TemplateErrorKind.LookupError, "pop index out of range");
        var item = list.Items[at];
        list.Change(renderer, [.. list.Items[..(int)at], .. list.Items[((int)at + 1)..]]);
        return item;
    }

    private static TemplateValue IndexOf(Renderer renderer, Sequence list, TemplateValue[] a)
    {
        var (first, _, count) = Indexing.Slice(a[1], a[2], default, list.Count);
        for (var i = first; i < first + count; i++)
        {
            if (Equality.AreEqual(list.Items[i], a[0], renderer.Budget)) return i;
        }

        throw TemplateFault.Value($"{Representation.ForMessage(a[0])} is not in {list.TypeName}");
    }
}
