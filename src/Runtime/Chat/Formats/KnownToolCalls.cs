namespace ArchGen.Chat.Formats;

/// <summary>
/// Formats of models whose templates describe tools and do not write calls, by a text that only their templates have. Sources: the models' cards.
/// </summary>
internal static class KnownToolCalls
{
    private static readonly JsonCall NameAndArguments = new("name", "arguments", null, null);

    private static readonly (string Sign, ToolCallFormat Format)[] Known =
    [
        // SmolLM3, and whatever follows Hermes.
        ("<tool_call>", new() { CallBegin = "<tool_call>\n", CallEnd = "\n</tool_call>", Separator = "\n", Syntax = NameAndArguments }),
        // Granite 3.
        ("<|tool_call|>", new() { SectionBegin = "<|tool_call|>[", Separator = ", ", SectionEnd = "]", Syntax = NameAndArguments }),
        // Liquid LFM2.
        ("List of tools: ", new()
        {
            SectionBegin = "<|tool_call_start|>[", CallEnd = ")", Separator = ", ", SectionEnd = "]<|tool_call_end|>", Syntax = PythonCall(),
        }),
    ];

    /// <summary>The format; null if the template is none of these.</summary>
    public static ToolCallFormat? Of(string template) => Known.FirstOrDefault(known => template.Contains(known.Sign, StringComparison.Ordinal)).Format;

    private static HeadedCall PythonCall()
    {
        var key = new TextPart(TextPartKind.Key);
        var text = new ValueTags([key, TextPart.Literal("='")], [TextPart.Literal("'")]);
        var value = new ValueTags([key, TextPart.Literal("=")], []);
        return new HeadedCall([new(TextPartKind.Name)], new TaggedArguments("(", ", ", text, value, ValueNotation.Python));
    }
}
