namespace ArchGen.Grammars.Lark;

/// <summary>The terminals of Lark's module <c>common</c> (lark/grammars/common.lark), as patterns.</summary>
internal static class CommonTerminals
{
    private const string Float = @"(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][+\-]?[0-9]+)?|[0-9]+[eE][+\-]?[0-9]+";

    private static readonly Dictionary<string, string> Patterns = new()
    {
        ["DIGIT"] = "[0-9]",
        ["HEXDIGIT"] = "[0-9a-fA-F]",
        ["INT"] = "[0-9]+",
        ["SIGNED_INT"] = @"[+\-]?[0-9]+",
        ["DECIMAL"] = @"[0-9]+\.[0-9]*|\.[0-9]+",
        ["_EXP"] = @"[eE][+\-]?[0-9]+",
        ["FLOAT"] = Float,
        ["SIGNED_FLOAT"] = $@"[+\-]?(?:{Float})",
        ["NUMBER"] = $"{Float}|[0-9]+",
        ["SIGNED_NUMBER"] = $@"[+\-]?(?:{Float}|[0-9]+)",
        ["ESCAPED_STRING"] = "\"(?:[^\"\\\\\\n]|\\\\.)*\"",
        ["LCASE_LETTER"] = "[a-z]",
        ["UCASE_LETTER"] = "[A-Z]",
        ["LETTER"] = "[a-zA-Z]",
        ["WORD"] = "[a-zA-Z]+",
        ["CNAME"] = "[_a-zA-Z][_a-zA-Z0-9]*",
        ["WS_INLINE"] = @"[ \t]+",
        ["WS"] = @"[ \t\f\r\n]+",
        ["CR"] = @"\r",
        ["LF"] = @"\n",
        ["NEWLINE"] = @"(?:\r?\n)+",
        ["SH_COMMENT"] = @"#[^\n]*",
        ["CPP_COMMENT"] = @"//[^\n]*",
        ["C_COMMENT"] = @"/\*[^*]*\*+(?:[^/*][^*]*\*+)*/",
        ["SQL_COMMENT"] = @"--[^\n]*",
    };

    public static string Names => string.Join(", ", Patterns.Keys);

    public static string? Find(string name) => Patterns.GetValueOrDefault(name);
}
