namespace ArchGen.Server.Responses;

/// <summary>How a part of an item is called in items and events.</summary>
/// <param name="Item">The type of its item.</param>
/// <param name="Prefix">The beginning of the item's id.</param>
/// <param name="List">The field of the item that has the part.</param>
/// <param name="Type">The type of the part.</param>
/// <param name="Part">The part in the names of events.</param>
/// <param name="Text">The part's text in the names of events.</param>
/// <param name="Index">The field of its number in events.</param>
internal sealed record PartForm(string Item, string Prefix, string List, string Type, string Part, string Text, string Index)
{
    /// <summary>The text of the answer.</summary>
    public static PartForm Message { get; } = new("message", "msg_", "content", "output_text", "content_part", "output_text", "content_index");

    /// <summary>What the model thinks.</summary>
    public static PartForm Reasoning { get; } = new("reasoning", "rs_", "content", "reasoning_text", "content_part", "reasoning_text", "content_index");

    /// <summary>What the model thinks, for clients that read summaries.</summary>
    public static PartForm Summary { get; } =
        new("reasoning", "rs_", "summary", "summary_text", "reasoning_summary_part", "reasoning_summary_text", "summary_index");
}
