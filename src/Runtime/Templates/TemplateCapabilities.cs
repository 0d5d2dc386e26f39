using ArchGen.Templates.Capabilities;

namespace ArchGen.Templates;

/// <summary>The way in which a template writes a system message.</summary>
public enum SystemRole
{
    /// <summary>A system message has its own place.</summary>
    Supported,

    /// <summary>It raises an error for a system message.</summary>
    Refused,

    /// <summary>It leaves a system message out, without an error.</summary>
    Ignored,
}

/// <summary>
/// What a template can do. It is found by rendering small conversations and looking for their texts in the result, not by names in the template.
/// </summary>
public sealed record TemplateCapabilities
{
    /// <summary>The way in which it writes a system message.</summary>
    public required SystemRole SystemRole { get; init; }

    /// <summary>Whether it writes the tools that it is given.</summary>
    public required bool Tools { get; init; }

    /// <summary>Whether it writes the tool calls of an assistant's message.</summary>
    public required bool ToolCalls { get; init; }

    /// <summary>Whether it writes several tool calls of one message.</summary>
    public required bool ParallelToolCalls { get; init; }

    /// <summary>Whether it writes messages of the role tool.</summary>
    public required bool ToolResponses { get; init; }

    /// <summary>Whether arguments of a call must be an object: as a string of JSON they raise an error or are written as a quoted string.</summary>
    public required bool ArgumentsMustBeObject { get; init; }

    /// <summary>Whether the id of a call is in the text.</summary>
    public required bool ToolCallIds { get; init; }

    /// <summary>Whether it writes the text of content that is a list of parts.</summary>
    public required bool ContentParts { get; init; }

    /// <summary>Whether content must be a list of parts: as a string it is not written.</summary>
    public required bool ContentMustBeParts { get; init; }

    /// <summary>
    /// The variable that switches thinking, enable_thinking or thinking, if the text depends on it; null for none.
    /// </summary>
    public required string? ThinkingSwitch { get; init; }

    /// <summary>Whether it reads how much to think, from the variable reasoning_effort.</summary>
    public required bool ReasoningEffort { get; init; }

    /// <summary>The key under which it reads the thinking of an assistant's message, such as reasoning_content; null for none.</summary>
    public required string? ReasoningKey { get; init; }

    /// <summary>Whether add_generation_prompt adds the beginning of the assistant's message.</summary>
    public required bool GenerationPrompt { get; init; }

    /// <summary>Whether a last message of the assistant can be continued: its text is at the end once what the template adds is cut off.</summary>
    public required bool Prefill { get; init; }

    /// <summary>The variables of the caller that the template read in these renderings, in order of their names.</summary>
    public required IReadOnlyList<string> Variables { get; init; }

    /// <summary>Finds what a template can do. Costs some twenty short renderings.</summary>
    /// <param name="template">The template.</param>
    public static TemplateCapabilities Of(Template template)
    {
        ArgumentNullException.ThrowIfNull(template);
        return new CapabilityProbe(template).Run();
    }
}
