using System.Text;
using ArchGen.Chat.Answers;
using ArchGen.Chat.Conversations;
using ArchGen.Chat.Messages;
using ArchGen.CommandLine.Chat.Markdown;

namespace ArchGen.CommandLine.Chat;

/// <summary>Shows an answer while it comes: its Markdown styled, thinking dimmed, calls on lines of their own. Collects it as a message.</summary>
/// <param name="terminal">Where it is shown.</param>
/// <param name="isStyled">Whether thinking is dimmed; otherwise there are no escape sequences.</param>
/// <param name="hasMarkdown">Whether the Markdown of the text is styled; otherwise it is printed as it comes.</param>
internal sealed class AnswerPrinter(Terminal terminal, bool isStyled, bool hasMarkdown)
{
    private const string Dim = "\u001b[2m", Normal = "\u001b[0m";

    private readonly StringBuilder _text = new();
    private readonly StringBuilder _reasoning = new();
    private readonly List<ToolCall> _calls = [];
    private readonly MarkdownPrinter? _markdown = hasMarkdown ? new(terminal.Out) : null;
    private bool _isThinking;

    /// <summary>The answer so far.</summary>
    public Message Message => new(MessageRole.Assistant, _text.ToString().TrimEnd())
    {
        Reasoning = _reasoning.Length == 0 ? null : _reasoning.ToString(),
        ToolCalls = [.. _calls],
    };

    /// <summary>Shows the next part.</summary>
    public void Add(ChatUpdate update)
    {
        switch (update.Part)
        {
            case AnswerReasoning { Text: var text }:
                _reasoning.Append(text);
                Think(isOn: true);
                // Standard error, so that a pipe gets the answer alone.
                terminal.Error.Write(text);
                break;
            case AnswerText { Text: var text }:
                Think(isOn: false);
                // Models like to begin with a line break.
                if (_text.Length == 0) text = text.TrimStart();
                _text.Append(text);
                Write(text);
                break;
            case AnswerToolCall { Call: var call }:
                Think(isOn: false);
                _calls.Add(call);
                _markdown?.End();
                if (_text.Length > 0) terminal.Out.WriteLine();
                terminal.Out.WriteLine($"{call.Name}({call.Arguments})");
                break;
            case AnswerMalformedCall { Text: var text, Reason: var reason }:
                Think(isOn: false);
                _text.Append(text);
                _markdown?.End();
                terminal.Out.Write(text);
                terminal.Note($"this is no call of a tool. {reason}");
                break;
        }
    }

    /// <summary>Ends the line.</summary>
    public void End()
    {
        Think(isOn: false);
        _markdown?.End();
        if (_calls.Count == 0) terminal.Out.WriteLine();
        terminal.Out.Flush();
    }

    private void Write(string text)
    {
        if (_markdown is null) terminal.Out.Write(text);
        else _markdown.Write(text);
    }

    private void Think(bool isOn)
    {
        if (isOn == _isThinking) return;
        _isThinking = isOn;
        if (isStyled) terminal.Error.Write(isOn ? Dim : Normal);
        if (!isOn) terminal.Error.WriteLine();
        terminal.Error.Flush();
    }
}
