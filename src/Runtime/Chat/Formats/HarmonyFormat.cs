namespace ArchGen.Chat.Formats;

/// <summary>
/// The format of gpt-oss (OpenAI's "harmony"): channels in place of tags. Its template writes an earlier answer in another way than the model does, so it is
/// not found by difference. Source: OpenAI's cookbook, "OpenAI harmony response format".
/// </summary>
internal static class HarmonyFormat
{
    private const string Message = "<|message|>";

    /// <summary>Thinking is the channel <c>analysis</c>.</summary>
    public static ThinkingFormat Thinking { get; } = new("<|channel|>analysis" + Message, "<|end|>");

    /// <summary>The other channels are the text.</summary>
    public static IReadOnlyList<string> Ignored { get; } =
        ["<|start|>assistant", "<|channel|>final" + Message, "<|channel|>commentary" + Message, "<|end|>"];

    /// <summary>A call is a message to a tool.</summary>
    public static ToolCallFormat ToolCalls { get; } = new()
    {
        CallBegin = "<|channel|>commentary to=functions.",
        CallEnd = "<|call|>",
        IsParallel = false,
        Syntax = new HeadedCall([new(TextPartKind.Name), TextPart.Literal(" <|constrain|>json" + Message)], new JsonArguments()),
        Alternatives = [Other("<|channel|>commentary to=functions.", " json"), Other(" to=functions.", "<|channel|>commentary json"),
            Other(" to=functions.", "<|channel|>commentary <|constrain|>json"), Other("<|channel|>commentary to=functions.", "")],
    };

    private static ToolCallFormat Other(string begin, string afterName) => new()
    {
        CallBegin = begin,
        CallEnd = "<|call|>",
        IsParallel = false,
        Syntax = new HeadedCall([new(TextPartKind.Name), TextPart.Literal(afterName + Message)], new JsonArguments()),
    };

    /// <summary>Whether a template is of this format.</summary>
    public static bool Matches(string template) =>
        template.Contains("<|channel|>analysis" + Message, StringComparison.Ordinal) && template.Contains("functions.", StringComparison.Ordinal);
}
