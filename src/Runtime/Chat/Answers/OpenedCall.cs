using ArchGen.Chat.Messages;

namespace ArchGen.Chat.Answers;

/// <summary>The call that is being written, and what was reported of it.</summary>
/// <param name="newId">Makes ids for formats without.</param>
/// <param name="reportsParts">Whether a call is reported before it is complete.</param>
internal sealed class OpenedCall(Func<string> newId, bool reportsParts)
{
    private string _id = "";
    private int _reported;

    /// <summary>The number of calls before this one.</summary>
    public int Count { get; private set; }

    /// <summary>Whether its name was reported, or would have been.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Reports what is new.</summary>
    public void Advance(CallProgress progress, List<AnswerPart> parts) => Advance(progress.Name, progress.Id, progress.Arguments, parts);

    /// <summary>Reports its end.</summary>
    public void Complete(in ReadCall call, List<AnswerPart> parts)
    {
        Advance(call.Name, call.Id, call.Arguments, parts);
        parts.Add(new AnswerToolCall(Count, new ToolCall(_id, call.Name, call.Arguments)));
        Close();
    }

    /// <summary>Reports that it is no call.</summary>
    public void BreakOff(string text, CallProgress progress, List<AnswerPart> parts)
    {
        var isReported = IsOpen && reportsParts;
        parts.Add(new AnswerMalformedCall(
            isReported ? text[progress.End..] : text,
            IsOpen ? "It begins as a call of a tool does, and breaks off." : "It begins as a call of a tool does, and does not go on as one.")
        {
            Index = isReported ? Count : null,
        });
        if (IsOpen) Close();
    }

    private void Advance(string name, string? id, string arguments, List<AnswerPart> parts)
    {
        if (!IsOpen)
        {
            (IsOpen, _id) = (true, id is { Length: > 0 } ? id : newId());
            if (reportsParts) parts.Add(new AnswerToolCallBegin(Count, _id, name));
        }

        if (reportsParts && arguments.Length > _reported) parts.Add(new AnswerToolCallArguments(Count, arguments[_reported..]));
        _reported = Math.Max(_reported, arguments.Length);
    }

    private void Close() => (IsOpen, _reported, Count) = (false, 0, Count + 1);
}
