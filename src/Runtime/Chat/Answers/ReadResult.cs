namespace ArchGen.Chat.Answers;

/// <summary>What came of reading a part of an answer.</summary>
internal enum ReadResult
{
    /// <summary>It was read.</summary>
    Done,

    /// <summary>It may go on: more text is needed.</summary>
    NeedsMore,

    /// <summary>The text is another.</summary>
    Mismatch,
}
