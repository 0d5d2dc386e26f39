using System.Text.Json;
using ArchGen.Chat.Messages;

namespace ArchGen.Chat.Probing;

/// <summary>
/// The conversations by which a template is asked how it writes calls and thinking. Names and values are such as no template contains, so that they are found
/// again in what it renders.
/// </summary>
internal static class ProbeMessages
{
    public const string Question = "PROBEQUESTION";
    public const string Content = "PROBECONTENT";
    public const string Reasoning = "PROBETHOUGHT";
    public const string FirstKey = "probefirst";
    public const string SecondKey = "probesecond";
    public const string FirstValue = "PROBEONE";
    public const string SecondValue = "PROBETWO";

    /// <summary>The tools' names.</summary>
    public static readonly string[] Names = ["probe_alpha", "probe_beta"];

    /// <summary>Ids of nine letters and digits: Mistral's templates take no others.</summary>
    public static readonly string[] Ids = ["aB3dE5gH7", "kL1mN2oP4"];

    /// <summary>The tools that the calls are of.</summary>
    public static IReadOnlyList<ToolDefinition> Tools { get; } = [.. Names.Select(name => new ToolDefinition(name, "A tool.", Schema()))];

    /// <summary>Two arguments that are texts.</summary>
    public static string TwoTexts => $$"""{"{{FirstKey}}": "{{FirstValue}}", "{{SecondKey}}": "{{SecondValue}}"}""";

    /// <summary>One argument.</summary>
    /// <param name="value">Its value in JSON.</param>
    public static string One(string value) => $$"""{"{{FirstKey}}": {{value}}}""";

    /// <summary>A question and the answer to it.</summary>
    public static IReadOnlyList<Message> Answered(Message answer) => [new(MessageRole.User, Question), answer];

    /// <summary>An answer that only calls tools.</summary>
    /// <param name="arguments">The arguments of each call.</param>
    public static Message Calls(params string[] arguments) => new(MessageRole.Assistant, "")
    {
        ToolCalls = [.. arguments.Select((text, i) => new ToolCall(Ids[i], Names[i], text))],
    };

    private static JsonElement Schema()
    {
        using var document = JsonDocument.Parse($$$"""
            {"type": "object", "properties": {
                "{{{FirstKey}}}": {"type": "string", "description": "First."}, "{{{SecondKey}}}": {"type": "string", "description": "Second."}},
             "required": ["{{{FirstKey}}}"]}
            """);
        return document.RootElement.Clone();
    }
}
