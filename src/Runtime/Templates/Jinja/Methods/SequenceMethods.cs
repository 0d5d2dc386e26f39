using ArchGen.Templates.Jinja.Formatting;
using ArchGen.Templates.Jinja.Running;
using ArchGen.Templates.Jinja.Values;

namespace ArchGen.Templates.Jinja.Methods;

/// <summary>The methods of lists and tuples. Those that change a list are forbidden by Jinja2's sandbox.</summary>
internal static class SequenceMethods
{
    public static TemplateValue Find(Sequence list, string name) => name switch
    {
        "count" => Method(new Signature("count", 1, "*value"), (renderer, a) =>
            (long)list.Items.Count(item => Equality.AreEqual(item, a[0], renderer.Budget))),
        "index" => Method(new Signature("index", 1, "*value", "*start", "*stop"), (renderer, a) => IndexOf(renderer, list, a)),
        "copy" when !list.IsTuple => Method(new Signature("copy", 0), (_, _) => TemplateValue.Of(list)),
        "append" or "clear" or "pop" or "reverse" or "insert" or "sort" or "extend" or "remove" when !list.IsTuple =>
            UndefinedReason.Unsafe(TemplateValue.Of(list), name),
        _ => default,
    };

    private static TemplateValue Method(Signature signature, Func<Renderer, TemplateValue[], TemplateValue> call) =>
        TemplateValue.Of(new BoundMethod(signature, call));

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
