using ArchGen.Templates.Jinja.Formatting;
using ArchGen.Templates.Jinja.Methods;
using ArchGen.Templates.Jinja.Values;

namespace ArchGen.Templates.Jinja.Running;

/// <summary>Attributes, elements and slices of values, with the rules of Jinja2's sandbox.</summary>
internal static class Members
{
    // What every Python object has: the sandbox forbids it, so it must not be found as undefined.
    private static readonly HashSet<string> Internals = new(StringComparer.Ordinal)
    {
        "__class__", "__delattr__", "__dir__", "__doc__", "__eq__", "__format__", "__ge__", "__getattribute__", "__getstate__", "__gt__", "__hash__",
        "__init__", "__init_subclass__", "__le__", "__lt__", "__ne__", "__new__", "__reduce__", "__reduce_ex__", "__repr__", "__setattr__", "__sizeof__",
        "__str__", "__subclasshook__",
    };

    /// <summary>value.name: the attribute, or else the element of that name, or else undefined.</summary>
    public static TemplateValue Attribute(Renderer renderer, TemplateValue value, string name)
    {
        var attribute = OwnAttribute(renderer, value, name);
        if (!attribute.IsMissing) return attribute;
        var item = value.Object is JinjaObject container ? container.Item(renderer, TemplateValue.Trusted(name)) : default;
        return item.IsMissing ? UndefinedReason.Member(value, TemplateValue.Trusted(name)) : item;
    }

    /// <summary>The attribute, or else undefined: Jinja2's filter attr.</summary>
    public static TemplateValue OnlyAttribute(Renderer renderer, TemplateValue value, TemplateValue name)
    {
        if (!name.IsString) return UndefinedReason.Member(value, name);
        if (value.IsUndefined) return value;
        var attribute = OwnAttribute(renderer, value, name.String.Value);
        return attribute.IsMissing ? UndefinedReason.Member(value, name) : attribute;
    }

    /// <summary>value[key]: the element, or else the attribute of that name, or else undefined.</summary>
    public static TemplateValue Item(Renderer renderer, TemplateValue value, TemplateValue key)
    {
        if (value.IsUndefined) throw value.UndefinedReason.ToFault();
        var item = default(TemplateValue);
        if (value.IsString)
        {
            var text = value.String;
            if (Indexing.TryIndex(key, text.CodePoints, out var index)) item = TemplateValue.Of(CharacterAt(text, text.PositionOf((int)index)));
        }
        else if (value.Object is JinjaObject container && !IsUnhashable(container, key))
        {
            item = container.Item(renderer, key);
        }

        if (item.IsMissing && key.IsString) item = OwnAttribute(renderer, value, key.String.Value);
        return item.IsMissing ? UndefinedReason.Member(value, key) : item;
    }

    /// <summary>value[start:stop:step].</summary>
    public static TemplateValue Slice(Renderer renderer, TemplateValue value, TemplateValue start, TemplateValue stop, TemplateValue step)
    {
        if (value.IsUndefined) throw value.UndefinedReason.ToFault();
        var count = value.IsString ? value.String.CodePoints : value.Object is Sequence or RangeObject ? ((JinjaObject)value.Object).Count : -1;
        if (count < 0)
            throw TemplateFault.Type(value.Object is Mapping ? "unhashable type: 'slice'" : $"'{TypeNames.Of(value)}' object is not subscriptable");
        var (first, by, length) = Indexing.Slice(start, stop, step, count);
        renderer.Budget.Charge(length);
        if (value.Object is RangeObject range) return TemplateValue.Of(range.Slice(first, by, length));
        if (value.IsString) return TemplateValue.Of(Slice(renderer, value.String, first, by, length));
        var list = (Sequence)value.Object!;
        var items = new TemplateValue[length];
        for (var i = 0L; i < length; i++) items[i] = list.Items[first + (i * by)];
        return TemplateValue.Of(new Sequence(items, list.IsTuple));
    }

    /// <summary>The character at a UTF-16 position.</summary>
    public static JinjaString CharacterAt(JinjaString text, int position) => text.Slice(position, position + text.WidthAt(position));

    private static JinjaString Slice(Renderer renderer, JinjaString text, long first, long by, long length)
    {
        if (length == 0) return text.Slice(0, 0);
        if (by == 1) return text.Slice(text.PositionOf((int)first), text.PositionOf((int)(first + length)));
        var result = new JinjaStringBuilder(renderer.Budget);
        var positions = Positions(text);
        for (var i = 0L; i < length; i++)
        {
            var at = positions[first + (i * by)];
            result.Append(text, at, at + text.WidthAt(at));
        }

        return result.ToJinjaString();
    }

    private static int[] Positions(JinjaString text)
    {
        var positions = new int[text.CodePoints];
        for (int i = 0, at = 0; i < positions.Length; at += text.WidthAt(at)) positions[i++] = at;
        return positions;
    }

    private static TemplateValue OwnAttribute(Renderer renderer, TemplateValue value, string name)
    {
        if (value.IsUndefined) throw value.UndefinedReason.ToFault();
        if (Internals.Contains(name)) return UndefinedReason.Unsafe(value, name);
        if (value.IsString) return StringMethods.Find(value.String, name);
        return value.Object is JinjaObject container ? container.Attribute(renderer, name) : NumberMethods.Find(value, name);
    }

    // dict[list] raises a TypeError in Python, which Jinja2 turns into undefined.
    private static bool IsUnhashable(JinjaObject container, TemplateValue key) =>
        container is Mapping && key.Object is (Sequence { IsTuple: false } or Mapping);
}
