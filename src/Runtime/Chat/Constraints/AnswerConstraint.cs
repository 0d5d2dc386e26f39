using ArchGen.Chat.Messages;
using ArchGen.Grammars;

namespace ArchGen.Chat.Constraints;

/// <summary>What an answer must be.</summary>
internal sealed record AnswerConstraint
{
    /// <summary>The tools that can be called.</summary>
    public IReadOnlyList<ToolDefinition> Tools { get; init; } = [];

    /// <summary>Whether it may, must or must not call them.</summary>
    public ToolChoice Choice { get; init; } = ToolChoice.Auto;

    /// <summary>Whether there may be more than one call.</summary>
    public bool IsParallel { get; init; } = true;

    /// <summary>The grammar of the text; null if any text will do. There are no calls beside one that is no JSON schema.</summary>
    public TextGrammar? Grammar { get; init; }

    /// <summary>Whether the prompt has opened the thinking.</summary>
    public bool StartsInThinking { get; init; }

    /// <summary>Whether the model may think.</summary>
    public bool MayThink { get; init; } = true;
}
