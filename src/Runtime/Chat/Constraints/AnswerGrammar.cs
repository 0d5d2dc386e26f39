using ArchGen.Chat.Formats;
using ArchGen.Chat.Messages;
using ArchGen.Grammars;
using ArchGen.Grammars.Regexes;

namespace ArchGen.Chat.Constraints;

/// <summary>
/// Makes the grammar of an answer from the same description of the format that its parser reads: whatever it accepts, the parser understands.
/// </summary>
internal sealed class AnswerGrammar
{
    private readonly AnswerFormat _format;
    private readonly AnswerConstraint _constraint;
    private readonly ControlTexts _controls;
    private readonly CallGrammar? _calls;
    private readonly GrammarBuilder _grammar = new();

    private AnswerGrammar(AnswerFormat format, AnswerConstraint constraint, ControlTexts controls)
    {
        (_format, _constraint, _controls) = (format, constraint, controls);
        var tools = constraint.Tools.Where(tool => constraint.Choice.Name is null || tool.Name == constraint.Choice.Name).ToList();
        if (constraint.Choice.Kind == ToolChoiceKind.None || constraint.Tools.Count == 0) return;
        if (IsExact) throw new RequestException("A grammar of the answer and tools exclude each other. Leave one of them out, or forbid calls.");
        if (tools.Count == 0) throw new RequestException($"There is no tool {constraint.Choice.Name}. Name one of the tools of the request.");
        if (format.ToolCalls is { } calls) _calls = new CallGrammar(_grammar, calls, tools, constraint, controls);
    }

    /// <summary>The grammar; null if any answer will do.</summary>
    /// <param name="format">How the model answers.</param>
    /// <param name="constraint">What the answer must be.</param>
    /// <param name="controls">The control tokens.</param>
    /// <param name="warnings">Gets a line for each tool whose schema is not enforced, with the reason.</param>
    /// <exception cref="RequestException">The schema cannot be enforced, or the model's template writes no calls and one is required.</exception>
    public static CompiledGrammar? Build(AnswerFormat format, AnswerConstraint constraint, ControlTexts controls, List<string> warnings)
    {
        var isCalling = constraint.Tools.Count > 0 && constraint.Choice.Kind != ToolChoiceKind.None;
        if (isCalling && format.ToolCalls is null && constraint.Choice.Kind == ToolChoiceKind.Required)
        {
            throw new RequestException("A call is required, but the model's template does not write calls. Leave the choice to the model, or take another "
                + "model.");
        }

        if (constraint.Grammar is null && !(isCalling && format.ToolCalls is not null)) return null;
        var answer = new AnswerGrammar(format, constraint, controls);
        var start = answer.Answer();
        warnings.AddRange(answer._calls?.Warnings ?? []);
        // Models like to end a line after a call.
        if (!answer.IsExact) answer._grammar.Ignore(TextGrammar.Spaces(answer._grammar), isTrailing: answer._calls is not null, isRepeated: false);
        return answer._grammar.Build(start);
    }

    // Such a grammar says itself where there are spaces.
    private bool IsExact => _constraint.Grammar is { Notation: not GrammarNotation.JsonSchema };

    private Symbol Answer()
    {
        var body = Body();
        if (_format.Thinking is not { } thinking || !(_constraint.MayThink || _constraint.StartsInThinking)) return body;
        var rest = _grammar.Sequence(Text([thinking.End]), _controls.Literal(_grammar, thinking.End));
        if (IsExact) rest = _grammar.Sequence(rest, _grammar.Optional(_grammar.Lexeme(TextGrammar.Spaces(_grammar), name: "spaces")));
        if (_constraint.StartsInThinking) return _grammar.Sequence(rest, body);
        return thinking.Begin.Length == 0 ? body
            : _grammar.Sequence(_grammar.Optional(_grammar.Sequence(_controls.Literal(_grammar, thinking.Begin), rest)), body);
    }

    private Symbol Body()
    {
        if (_calls is not null && _constraint.Choice.Kind == ToolChoiceKind.Required) return _calls.Section();
        var text = _constraint.Grammar is null ? FreeText() : Constrained(_constraint.Grammar);
        if (_format.TextBegin.Length > 0) text = _grammar.Sequence(_controls.Literal(_grammar, _format.TextBegin), text);
        if (_calls is null) return text;
        // A text may come before the calls, unless it is JSON.
        return _constraint.Grammar is null && !_format.ToolCalls!.IsBare
            ? _grammar.Sequence(text, _grammar.Optional(_calls.Section()))
            : _grammar.Choice(text, _calls.Section());
    }

    private Symbol Constrained(TextGrammar grammar)
    {
        var text = grammar.AddTo(_grammar, _controls.Tokenizer);
        return _format.Ignored is [var begin, var end, ..] && begin.Contains("START", StringComparison.Ordinal)
            ? _grammar.Sequence(_grammar.Optional(_controls.Literal(_grammar, begin)), text, _grammar.Optional(_controls.Literal(_grammar, end)))
            : text;
    }

    // Any text in which no call begins; control tokens of the format are among it.
    private Symbol FreeText()
    {
        var triggers = _calls is null || _format.ToolCalls!.IsBare ? [] : _format.ToolCalls.Triggers(_constraint.Tools.Select(tool => tool.Name));
        var text = Text(triggers);
        var ignored = _format.Ignored.Select(marker => _controls.Literal(_grammar, marker)).ToArray();
        return ignored.Length == 0 ? text : _grammar.Repeat(_grammar.Choice([text, .. ignored]), 0, RegexBuilder.Unbounded);
    }

    private Symbol Text(IReadOnlyList<string> without)
    {
        var regexes = _grammar.Regexes;
        var text = regexes.AnyText;
        foreach (var end in without)
            text = regexes.Except(text, regexes.Concat(regexes.AnyText, regexes.Literal(end), regexes.AnyText));
        return _grammar.Lexeme(text, name: "text");
    }
}
