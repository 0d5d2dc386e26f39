using System.Text;
using ArchGen.Chat.Formats;
using ArchGen.Chat.Messages;

namespace ArchGen.Chat.Answers;

/// <summary>
/// Splits an answer into thinking, text and tool calls while it is generated. What was reported is final: characters that may begin a fixed text of the format
/// are held back until that is known.
/// </summary>
internal sealed class AnswerParser
{
    private readonly AnswerFormat _format;
    private readonly HashSet<string> _tools;
    private readonly CallSections? _calls;
    private readonly OpenedCall _opened;
    private readonly StringBuilder _pending = new();
    private State _state;
    private bool _hasText;
    private bool _isInSection;

    /// <summary>Begins an answer.</summary>
    /// <param name="format">How the model writes it.</param>
    /// <param name="tools">The tools; calls are looked for only if there are any.</param>
    /// <param name="startsInThinking">Whether the prompt has already opened the thinking.</param>
    /// <param name="newId">Makes ids of calls for formats without.</param>
    /// <param name="reportsCallParts">Whether calls are reported while they are written.</param>
    public AnswerParser(
        AnswerFormat format, IReadOnlyList<ToolDefinition> tools, bool startsInThinking, Func<string> newId, bool reportsCallParts = false)
    {
        (_format, _opened) = (format, new OpenedCall(newId, reportsCallParts));
        _tools = [.. tools.Select(tool => tool.Name)];
        if (format.ToolCalls is { } calls && tools.Count > 0)
            _calls = new CallSections(calls, tools);
        _state = startsInThinking && format.Thinking is not null ? State.ThinkingBegin : State.Begin;
    }

    private enum State
    {
        // Thinking or text may begin.
        Begin,

        // As Begin, and spaces belong to the format.
        BeginAfterSpaces,
        ThinkingBegin,
        Thinking,
        Text,
        Calls,

        // Text without any format.
        Rest,
    }

    /// <summary>Whether what comes next is thinking, up to its end.</summary>
    public bool IsThinking => _state is State.ThinkingBegin or State.Thinking;

    // Whether a call may begin here. A brace may begin any text, so it is one of a call only as the beginning of the answer.
    private bool IsCallPossible => _calls is not null && (!_calls.IsBare || !_hasText);

    /// <summary>Adds what the model wrote next.</summary>
    /// <param name="text">The characters; special tokens as their texts.</param>
    /// <param name="parts">Gets the parts that are known with it.</param>
    public void Append(string text, List<AnswerPart> parts)
    {
        _pending.Append(text);
        Advance(parts, isComplete: false);
    }

    /// <summary>Ends the answer.</summary>
    /// <param name="parts">Gets the parts that are left.</param>
    public void Finish(List<AnswerPart> parts) => Advance(parts, isComplete: true);

    private void Advance(List<AnswerPart> parts, bool isComplete)
    {
        while (_pending.Length > 0)
        {
            var text = _pending.ToString();
            var (length, next) = _state switch
            {
                State.Begin => Begin(text, isComplete),
                State.BeginAfterSpaces => (Spaces(text), Spaces(text) < text.Length ? State.Begin : _state),
                State.ThinkingBegin => (Spaces(text), Spaces(text) < text.Length ? State.Thinking : _state),
                State.Thinking => Thinking(text, parts, isComplete),
                State.Text => Text(text, parts, isComplete),
                State.Calls => Calls(text, parts, isComplete),
                _ => (Emit(parts, text), _state),
            };
            if (length == 0 && next == _state) return;
            _pending.Remove(0, length);
            _state = next;
        }
    }

    private (int Length, State Next) Begin(string text, bool isComplete)
    {
        var cursor = new TextCursor(text, isComplete);
        if (_format.TextBegin.Length > 0 && cursor.Literal(_format.TextBegin) is var begin and not ReadResult.Mismatch)
            return begin == ReadResult.Done ? (cursor.Position, State.Text) : (0, State.Begin);
        if (_format.Thinking is not { Begin.Length: > 0 } thinking) return (0, State.Text);
        return cursor.Literal(thinking.Begin) switch
        {
            ReadResult.Done => (cursor.Position, State.ThinkingBegin),
            ReadResult.NeedsMore => (0, State.Begin),
            _ => (0, State.Text),
        };
    }

    private (int Length, State Next) Thinking(string text, List<AnswerPart> parts, bool isComplete)
    {
        var end = _format.Thinking!.End;
        var at = text.IndexOf(end, StringComparison.Ordinal);
        var known = at >= 0 ? at : isComplete ? text.Length : HeldBack.KnownLength(text, [end]);
        // The spaces before the end belong to the format.
        var thought = text[..known].TrimEnd();
        if (thought.Length > 0) parts.Add(new AnswerReasoning(thought));
        return at >= 0 ? (at + end.Length, State.BeginAfterSpaces) : (isComplete ? text.Length : thought.Length, State.Thinking);
    }

    private (int Length, State Next) Text(string text, List<AnswerPart> parts, bool isComplete)
    {
        string[] markers = [.. Markers()];
        var (at, marker) = HeldBack.FirstOf(text, markers);
        // What may be any text is a call only where the answer begins.
        if (marker is not null && IsBareCall(marker) && text.AsSpan(0, at).Trim().Length > 0) return (Emit(parts, text[..(at + marker.Length)]), State.Text);
        if (marker is null)
            return (Emit(parts, isComplete ? text : text[..HeldBack.KnownLength(text, markers)]), State.Text);
        // The spaces before a marker belong to the format.
        Emit(parts, text[..at].TrimEnd());
        _isInSection = false;
        return IsCallPossible && _calls!.Triggers.Contains(marker) ? (at, State.Calls) : marker == _format.Thinking?.Begin ? (at, State.Begin)
            : (at + marker.Length, State.BeginAfterSpaces);
    }

    private (int Length, State Next) Calls(string text, List<AnswerPart> parts, bool isComplete)
    {
        var cursor = new TextCursor(text, isComplete);
        var result = _calls!.Read(cursor, isFirst: !_isInSection, out var call, out var progress);
        if (progress.HasBegun && (!_calls.IsBare || _tools.Contains(progress.Name))) _opened.Advance(progress, parts);
        if (result == ReadResult.NeedsMore) return (0, State.Calls);
        if (result == ReadResult.Done && call is null) return (cursor.Position, State.BeginAfterSpaces);
        if (result == ReadResult.Done && (!_calls.IsBare || _tools.Contains(call!.Value.Name)))
        {
            _isInSection = true;
            _opened.Complete(call!.Value, parts);
            return (cursor.Position, State.Calls);
        }

        if (_calls.IsBare && _opened is { Count: 0, IsOpen: false }) return (0, State.Rest);
        _opened.BreakOff(text, progress, parts);
        return (text.Length, State.Rest);
    }

    private bool IsBareCall(string marker) => IsCallPossible && _calls!.IsBare && _calls.Triggers.Contains(marker);

    private IEnumerable<string> Markers()
    {
        if (IsCallPossible)
        {
            foreach (var trigger in _calls!.Triggers) yield return trigger;
        }

        if (_format.Thinking is { Begin.Length: > 0 } thinking) yield return thinking.Begin;
        foreach (var ignored in _format.Ignored) yield return ignored;
    }

    private int Emit(List<AnswerPart> parts, string text)
    {
        if (text.Length > 0) parts.Add(new AnswerText(text));
        _hasText |= !string.IsNullOrWhiteSpace(text);
        return text.Length;
    }

    private static int Spaces(string text) => text.Length - text.AsSpan().TrimStart().Length;
}
