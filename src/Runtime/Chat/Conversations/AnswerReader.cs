using ArchGen.Chat.Answers;
using ArchGen.Chat.Formats;
using ArchGen.Runtime.Generation;
using ArchGen.Runtime.Scheduling;
using ArchGen.Tokenizers;
using AnswerText = ArchGen.Chat.Answers.AnswerText;

namespace ArchGen.Chat.Conversations;

/// <summary>Reads the tokens of one answer: to text, to parts, up to a stop text.</summary>
internal sealed class AnswerReader
{
    private readonly AnswerParser _parser;
    private readonly StreamingDecoder _decoder;
    private readonly Vocabulary _vocabulary;
    private readonly FormatMarks _marks;
    private readonly StopMatcher _stops;
    private readonly List<AnswerPart> _parts = [];
    private int _reasoningTokens;
    private bool _hasCalls;

    /// <summary>Begins an answer.</summary>
    public AnswerReader(AnswerParser parser, FormatMarks marks, Tokenizer tokenizer, IReadOnlyList<string> stops)
    {
        (_parser, _marks, _vocabulary, _stops) = (parser, marks, tokenizer.Vocabulary, new StopMatcher(stops));
        // Marks of calls and thinking may be control tokens: the parser reads their texts.
        _decoder = new StreamingDecoder(tokenizer, special: true);
    }

    /// <summary>Whether the answer has ended: the model ended it, or a stop text came.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>Adds a token and, with the last, the end.</summary>
    /// <param name="token">The token.</param>
    /// <param name="updates">Gets what is known with it.</param>
    public void Add(in GenerationEvent token, List<ChatUpdate> updates)
    {
        if (IsEnded || token.ComputedPromptTokens is not null) return;
        _parts.Clear();
        var isEnd = token.Reason != StopReason.None;
        if (_parser.IsThinking && token.Token >= 0) _reasoningTokens++;
        var text = IsShown(token.Token) ? _decoder.Append(token.Token) : "";
        if (isEnd) text += _decoder.Flush();
        _parser.Append(text, _parts);
        if (isEnd) _parser.Finish(_parts);
        foreach (var part in _parts) Report(token.Answer, part, updates);
        if (isEnd && _stops.Found is null) Emit(token.Answer, new AnswerText(_stops.Flush()), updates);
        if (!isEnd && _stops.Found is null) return;
        IsEnded = true;
        var reason = _hasCalls ? ChatFinishReason.ToolCalls
            : _stops.Found is null && token.Reason is StopReason.TokenLimit or StopReason.ContextFull ? ChatFinishReason.Length
            : ChatFinishReason.Stop;
        updates.Add(new ChatUpdate(token.Answer, null, new ChatFinish(reason, token.Usage, _reasoningTokens)
        {
            Times = token.Times,
            StopText = _stops.Found,
        }));
    }

    private bool IsShown(int token) => token >= 0 && !_vocabulary.IsEndOfGeneration(token)
        && (_vocabulary.Type(token) is not (TokenType.Control or TokenType.Unknown) || _marks.Contains(token));

    private void Report(int answer, AnswerPart part, List<ChatUpdate> updates)
    {
        if (_stops.Found is not null) return;
        if (part is AnswerText text)
        {
            Emit(answer, text with { Text = _stops.Append(text.Text) }, updates);
            return;
        }

        // What was held back as the beginning of a stop text comes before a call.
        if (part is AnswerToolCall or AnswerToolCallBegin) Emit(answer, new AnswerText(_stops.Flush()), updates);
        _hasCalls |= part is AnswerToolCall;
        updates.Add(new ChatUpdate(answer, part, null));
    }

    private static void Emit(int answer, AnswerText part, List<ChatUpdate> updates)
    {
        if (part.Text.Length > 0) updates.Add(new ChatUpdate(answer, part, null));
    }
}
