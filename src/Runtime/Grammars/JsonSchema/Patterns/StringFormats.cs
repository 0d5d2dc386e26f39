namespace ArchGen.Grammars.JsonSchema.Patterns;

/// <summary>
/// The formats of JSON Schema, draft 2020-12, section 7.3, as patterns. Each accepts only valid strings; where a format is not regular or has rare forms, it
/// accepts fewer than all.
/// </summary>
internal static class StringFormats
{
    private const string Day =
        @"(?!0000)(?:\d{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|02-(?:0[1-9]|1\d|2[0-8]))"
        + @"|(?:\d\d(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29)";

    private const string Clock = @"(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:[Zz]|[+\-](?:[01]\d|2[0-3]):[0-5]\d)";

    private const string ClockSpan = @"T(?:\d+H(?:\d+M(?:\d+S)?)?|\d+M(?:\d+S)?|\d+S)";

    // RFC 1123, section 2.1. A label of an international name (two hyphens at the third place) would have to be decoded; none is accepted.
    private const string Label =
        @"[A-Za-z0-9](?:[A-Za-z0-9]|[A-Za-z0-9\-][A-Za-z0-9](?:[A-Za-z0-9\-]{0,59}[A-Za-z0-9])?"
        + @"|[A-Za-z0-9\-]-[A-Za-z0-9](?:[A-Za-z0-9\-]{0,58}[A-Za-z0-9])?)?";

    private const string Host = @"(?=.{1,253}$)" + Label + @"(?:\." + Label + ")*";

    private const string Octet = @"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)";

    private const string V4 = Octet + @"(?:\." + Octet + "){3}";

    private const string H = "[0-9A-Fa-f]{1,4}";

    private const string Low = "(?:" + H + ":" + H + "|" + V4 + ")";

    // RFC 4291, section 2.2, by the number of groups before "::".
    private const string V6 =
        "(?:(?:" + H + ":){6}" + Low + "|::(?:" + H + ":){5}" + Low + "|(?:" + H + ")?::(?:" + H + ":){4}" + Low
        + "|(?:(?:" + H + ":){0,1}" + H + ")?::(?:" + H + ":){3}" + Low + "|(?:(?:" + H + ":){0,2}" + H + ")?::(?:" + H + ":){2}" + Low
        + "|(?:(?:" + H + ":){0,3}" + H + ")?::" + H + ":" + Low + "|(?:(?:" + H + ":){0,4}" + H + ")?::" + Low
        + "|(?:(?:" + H + ":){0,5}" + H + ")?::" + H + "|(?:(?:" + H + ":){0,6}" + H + ")?::)";

    private const string Hex = "%[0-9A-Fa-f]{2}";

    private const string International = @"\u00A0-\uD7FF\uF900-\uFDCF\uFDF0-\uFFEF\u{10000}-\u{1FFFD}\u{20000}-\u{2FFFD}\u{30000}-\u{3FFFD}";

    private const string Varname = "(?:[A-Za-z0-9_]|" + Hex + @")(?:\.?(?:[A-Za-z0-9_]|" + Hex + "))*";

    private const string Varspec = Varname + @"(?::[1-9]\d{0,3}|\*)?";

    private const string Steps = @"(?:/(?:[^/~]|~[01])*)*";

    private static readonly Dictionary<string, string> Patterns = new(StringComparer.Ordinal)
    {
        ["date"] = $"^{Day}$",
        ["time"] = $"^{Clock}$",
        ["date-time"] = $"^{Day}[Tt]{Clock}$",
        ["duration"] = $@"^P(?:\d+W|(?:\d+Y(?:\d+M(?:\d+D)?)?|\d+M(?:\d+D)?|\d+D)(?:{ClockSpan})?|{ClockSpan})$",
        ["uuid"] = "^[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$",
        ["email"] = Mail,
        ["idn-email"] = Mail,
        ["hostname"] = $"^{Host}$",
        ["idn-hostname"] = $"^{Host}$",
        ["ipv4"] = $"^{V4}$",
        ["ipv6"] = $"^{V6}$",
        ["uri"] = $"^{Absolute("")}$",
        ["iri"] = $"^{Absolute(International)}$",
        ["uri-reference"] = $"^(?:{Absolute("")}|{Relative("")})$",
        ["iri-reference"] = $"^(?:{Absolute(International)}|{Relative(International)})$",
        ["uri-template"] =
            $@"^(?:[!#$&(-;=?-\[\]_a-z~{International}]|{Hex}|\{{[+#./;?&=,!@|]?{Varspec}(?:,{Varspec})*\}})*$",
        ["json-pointer"] = $"^{Steps}$",
        ["relative-json-pointer"] = $@"^(?:0|[1-9]\d*)(?:#|{Steps})$",
    };

    /// <summary>The pattern of a format; null for a name that the specification does not have, which says nothing about the string.</summary>
    /// <exception cref="SchemaException">The format cannot be decided.</exception>
    public static string? Find(string name) =>
        name == "regex" ? throw new SchemaException("the format \"regex\" cannot be decided; leave it out") : Patterns.GetValueOrDefault(name);

    private static string Mail =>
        @"^[A-Za-z0-9!#$%&'*+/=?^_`{|}~\-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~\-]+)*@" + Host + "$";

    // RFC 3986, appendix A; RFC 3987 allows further characters in the same places.
    private static string Absolute(string further) =>
        $@"[A-Za-z][A-Za-z0-9+.\-]*:(?://{Authority(further)}(?:/{Segment(further)}*)*|/(?:{Segment(further)}+(?:/{Segment(further)}*)*)?"
        + $@"|{Segment(further)}+(?:/{Segment(further)}*)*)?{Tail(further)}";

    private static string Relative(string further) =>
        $@"(?://{Authority(further)}(?:/{Segment(further)}*)*|/(?:{Segment(further)}+(?:/{Segment(further)}*)*)?"
        + $@"|(?:[A-Za-z0-9\-._~!$&'()*+,;=@{further}]|{Hex})+(?:/{Segment(further)}*)*)?{Tail(further)}";

    private static string Authority(string further) =>
        $@"(?:(?:[A-Za-z0-9\-._~!$&'()*+,;=:{further}]|{Hex})*@)?"
        + $@"(?:\[(?:{V6}|[Vv][0-9A-Fa-f]+\.[A-Za-z0-9\-._~!$&'()*+,;=:]+)\]|(?:[A-Za-z0-9\-._~!$&'()*+,;={further}]|{Hex})*)(?::\d*)?";

    private static string Segment(string further) => $@"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@{further}]|{Hex})";

    private static string Tail(string further) => $@"(?:\?(?:{Segment(further)}|[/?])*)?(?:#(?:{Segment(further)}|[/?])*)?";
}
