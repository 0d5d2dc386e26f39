using ArchGen.Chat.Messages;

namespace ArchGen.Chat.Probing;

/// <summary>A template that can be asked what it writes.</summary>
internal interface IProbedTemplate
{
    /// <summary>What the template writes with the tools of <see cref="ProbeMessages"/>; null if it refuses.</summary>
    /// <param name="messages">The conversation.</param>
    /// <param name="form">How messages are given to it.</param>
    /// <param name="begin">Whether the beginning of an answer follows (<c>add_generation_prompt</c>).</param>
    /// <param name="think">Whether the model is asked to think; null if nothing is said of it.</param>
    string? Render(IReadOnlyList<Message> messages, MessageForm form, bool begin = false, bool? think = null);

    /// <summary>The template's own text.</summary>
    string Source { get; }
}
