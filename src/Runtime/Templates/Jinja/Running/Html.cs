using ArchGen.Templates.Jinja.Formatting;
using ArchGen.Templates.Jinja.Values;

namespace ArchGen.Templates.Jinja.Running;

/// <summary>Escapes text for HTML, as markupsafe does.</summary>
internal static class Html
{
    /// <summary>The text as Markup; Markup stays as it is.</summary>
    public static JinjaString Escape(Renderer renderer, JinjaString text)
    {
        if (text.IsMarkup) return text;
        if (text.Value.AsSpan().IndexOfAny("&<>'\"") < 0) return text.AsMarkup();
        var result = new JinjaStringBuilder(renderer.Budget);
        var copied = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (Entity(text.Value[i]) is not { } entity) continue;
            result.Append(text, copied, i);
            result.Append(entity, text.OriginAt(i));
            copied = i + 1;
        }

        result.Append(text, copied, text.Length);
        return result.ToJinjaString().AsMarkup();
    }

    /// <summary>The str of a value, escaped.</summary>
    public static JinjaString Escape(Renderer renderer, TemplateValue value) => Escape(renderer, Representation.Text(value, renderer.Budget));

    private static string? Entity(char c) => c switch
    {
        '&' => "&amp;",
        '<' => "&lt;",
        '>' => "&gt;",
        '\'' => "&#39;",
        '"' => "&#34;",
        _ => null,
    };
}
