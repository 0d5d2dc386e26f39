using ArchGen.Chat.Formats;
using ArchGen.Chat.Messages;

namespace ArchGen.Chat.Answers;

/// <summary>Reads calls in a format or in one of its alternatives.</summary>
internal sealed class CallSections
{
    private readonly CallSectionReader[] _readers;

    /// <summary>Prepares to read.</summary>
    public CallSections(ToolCallFormat format, IReadOnlyList<ToolDefinition> tools)
    {
        var byName = tools.DistinctBy(tool => tool.Name).ToDictionary(tool => tool.Name);
        _readers = [.. format.Alternatives.Prepend(format).Select(each => new CallSectionReader(each, byName))];
        Triggers = [.. _readers.SelectMany(reader => reader.Triggers).Distinct()];
        IsBare = format.IsBare;
    }

    /// <summary>The texts with which calls begin.</summary>
    public IReadOnlyList<string> Triggers { get; }

    /// <summary>Whether any text may begin as a call does.</summary>
    public bool IsBare { get; }

    /// <summary>Reads the next call, as <see cref="CallSectionReader.Read"/> does, in the first format that fits.</summary>
    public ReadResult Read(TextCursor cursor, bool isFirst, out ReadCall? call, out CallProgress progress)
    {
        var needsMore = false;
        foreach (var reader in _readers)
        {
            cursor.Position = 0;
            progress = new CallProgress();
            var result = reader.Read(cursor, isFirst, progress, out call);
            // Once the name is known, it is this format and no other.
            if (result == ReadResult.Done || (progress.HasBegun && !needsMore)) return result;
            needsMore |= result == ReadResult.NeedsMore;
        }

        (call, progress) = (null, new CallProgress());
        return needsMore ? ReadResult.NeedsMore : ReadResult.Mismatch;
    }
}
