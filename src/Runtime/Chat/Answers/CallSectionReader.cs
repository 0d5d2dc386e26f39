using ArchGen.Chat.Formats;
using ArchGen.Chat.Messages;

namespace ArchGen.Chat.Answers;

/// <summary>Reads the calls of an answer with what is around them.</summary>
/// <param name="format">The format.</param>
/// <param name="tools">The tools, by name.</param>
internal sealed class CallSectionReader(ToolCallFormat format, IReadOnlyDictionary<string, ToolDefinition> tools)
{
    private readonly CallReader _reader = new(format, tools);

    /// <summary>The texts with which calls begin.</summary>
    public IReadOnlyList<string> Triggers { get; } = format.Triggers(tools.Keys);

    /// <summary>Whether any text may begin as a call does.</summary>
    public bool IsBare => format.IsBare;

    /// <summary>Reads the next call.</summary>
    /// <param name="cursor">Before it.</param>
    /// <param name="isFirst">Whether it is the first.</param>
    /// <param name="progress">Gets what is certain of a call, also of one that is not complete.</param>
    /// <param name="call">The call; null if the calls have ended, and the place is after what ends them.</param>
    public ReadResult Read(TextCursor cursor, bool isFirst, CallProgress progress, out ReadCall? call)
    {
        call = null;
        if (!isFirst)
        {
            if (Ended(cursor) is { } ended) return ended;
            var separated = cursor.Literal(format.Separator);
            if (separated == ReadResult.Done) separated = cursor.Literal(format.CallBegin);
            if (separated != ReadResult.Done) return Otherwise(cursor, separated);
        }
        else if (cursor.Literal(format.SectionBegin) is var begin and not ReadResult.Done)
        {
            return begin;
        }
        else if (cursor.Literal(format.CallBegin) is var callBegin and not ReadResult.Done)
        {
            return callBegin;
        }

        var result = _reader.Read(cursor, progress, out var read);
        if (result == ReadResult.Done) result = Close(cursor);
        // A name or arguments that come a second time would revise what is certain.
        if (result == ReadResult.Done && progress.HasBegun && (progress.Name != read.Name || progress.Arguments != read.Arguments)) return ReadResult.Mismatch;
        if (result == ReadResult.Done) call = read;
        return result;
    }

    // Null if another call may follow.
    private ReadResult? Ended(TextCursor cursor)
    {
        var begin = cursor.Position;
        if (format.SectionEnd.Trim().Length > 0 && cursor.Literal(format.SectionEnd) is var end and not ReadResult.Mismatch) return end;
        cursor.Position = begin;
        // A bare call has no mark that tells the next call from a text.
        return !format.IsParallel || (format.Separator + format.CallBegin).Trim().Length == 0 ? ReadResult.Done : null;
    }

    // Neither the end nor another call: the answer goes on with a text.
    private static ReadResult Otherwise(TextCursor cursor, ReadResult result)
    {
        if (result == ReadResult.NeedsMore) return result;
        cursor.Position = 0;
        return ReadResult.Done;
    }

    // What closes a call may be missing at the end of an answer: the model's end of turn, or a token that is not written.
    private ReadResult Close(TextCursor cursor)
    {
        var result = cursor.Literal(format.CallEnd);
        if (result != ReadResult.Mismatch) return result;
        cursor.SkipSpaces();
        return cursor.IsAtEnd ? ReadResult.Done : ReadResult.Mismatch;
    }
}
