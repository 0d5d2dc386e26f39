namespace ArchGen.Chat.Answers;

/// <summary>What is certain of a call that may go on. More text adds to it and changes nothing of it.</summary>
internal sealed class CallProgress
{
    /// <summary>Whether the name is known, and the arguments have begun.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>The tool's name.</summary>
    public string Name { get; private set; } = "";

    /// <summary>The id; null if the format has none.</summary>
    public string? Id { get; private set; }

    /// <summary>The JSON of the arguments so far.</summary>
    public string Arguments { get; private set; } = "";

    /// <summary>The place in the text up to which they tell what it says.</summary>
    public int End { get; private set; }

    /// <summary>Sets the name.</summary>
    public void Begin(string name, string? id) => (HasBegun, Name, Id) = (true, name, id);

    /// <summary>Sets what is known of the arguments.</summary>
    public void Set(string arguments, int end) => (Arguments, End) = (arguments, end);

    /// <summary>Sets the arguments to an object in the text that may not be complete.</summary>
    public void AddObject(string text, int begin)
    {
        var cursor = new TextCursor(text, isComplete: false) { Position = begin };
        var end = JsonText.Object(cursor, out var whole) == ReadResult.Done ? begin + whole.Length : text.Length;
        // Half of a character.
        if (char.IsHighSurrogate(text[end - 1])) end--;
        Set(text[begin..end], end);
    }
}
