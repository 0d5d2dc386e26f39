using System.Text;
using System.Text.Json.Nodes;
using ArchGen.Chat.Answers;
using ArchGen.Chat.Conversations;
using ArchGen.Runtime.Scheduling;
using ArchGen.Server.Generation;
using ArchGen.Tokenizers;
using AnswerText = ArchGen.Chat.Answers.AnswerText;

namespace ArchGen.Server.OpenAI;

/// <summary>One answer of a request. What a stream sends piece by piece is the same that the whole message has.</summary>
internal sealed class ChatChoice
{
    private readonly ChatCall _call;
    private readonly Tokenizer _tokenizer;
    private readonly StreamingDecoder _tokenTexts;
    private readonly (string Begin, string End) _marks;
    private readonly List<string> _warnings;
    private readonly StringBuilder _content = new();
    private readonly StringBuilder _reasoning = new();
    private readonly List<StringBuilder> _arguments = []; // of each call
    private readonly JsonArray _calls = [];
    private JsonArray _logprobs = [];
    private bool _isThinkingOpen;

    /// <summary>Begins an answer.</summary>
    /// <param name="index">Its number.</param>
    /// <param name="call">The request.</param>
    /// <param name="engine">What answers.</param>
    /// <param name="warnings">Gets a line for what the model did wrong.</param>
    public ChatChoice(int index, ChatCall call, ChatEngine engine, List<string> warnings)
    {
        (Index, _call, _tokenizer, _warnings) = (index, call, engine.Engine.Model.Tokenizer, warnings);
        _tokenTexts = new StreamingDecoder(_tokenizer, special: false);
        _marks = engine.Template.Format.Thinking is { Begin.Length: > 0 } thinking ? (thinking.Begin, thinking.End) : ("<think>", "</think>");
    }

    /// <summary>Its number.</summary>
    public int Index { get; }

    /// <summary>Its last token, if tokens are reported.</summary>
    public GenerationEvent? LastToken { get; private set; }

    /// <summary>Its end; null if it goes on.</summary>
    public ChatFinish? Finish { get; private set; }

    /// <summary>Takes a token, which comes before the part that it completes.</summary>
    public void Add(in GenerationEvent token)
    {
        LastToken = token;
        if (_call.TopLogprobs is not { } top || token.Token < 0 || _tokenizer.Vocabulary.IsEndOfGeneration(token.Token)) return;
        _logprobs.Add((JsonNode)LogprobsJson.Of(token, _tokenTexts.Append(token.Token), top, _tokenizer));
    }

    /// <summary>Takes a part of the answer, or its end.</summary>
    /// <returns>What is new: objects as <c>delta</c> has them; none is empty.</returns>
    public IReadOnlyList<JsonObject> Add(ChatUpdate update)
    {
        var deltas = new List<JsonObject>();
        if (update.Part is AnswerReasoning thought) Think(thought.Text, deltas);
        else if (_isThinkingOpen) EndThinking(deltas);
        switch (update.Part)
        {
            case AnswerText text: Write(text.Text, deltas); break;
            case AnswerToolCallBegin begin: Begin(begin, deltas); break;
            case AnswerToolCallArguments arguments: AddArguments(arguments, deltas); break;
            case AnswerMalformedCall malformed:
                // The text must not be lost, and the client must know.
                _warnings.Add(malformed.Index is { } number
                    ? $"Choice {Index} has a call of a tool, number {number}, whose arguments are not complete. {malformed.Reason}"
                    : $"Choice {Index} has a text that looks like a call of a tool and is none. {malformed.Reason}");
                if (malformed.Text.Length > 0) Write(malformed.Text, deltas);
                break;
        }

        Finish = update.Finish;
        return deltas;
    }

    /// <summary>The probabilities of the tokens since the last call; null if none are wanted.</summary>
    public JsonObject? TakeLogprobs()
    {
        if (_call.TopLogprobs is null) return null;
        var json = new JsonObject { ["content"] = _logprobs };
        _logprobs = [];
        return json;
    }

    /// <summary>Whether there are probabilities that were not taken.</summary>
    public bool HasLogprobs => _logprobs.Count > 0;

    /// <summary>The whole answer.</summary>
    public JsonObject ToJson()
    {
        var message = new JsonObject { ["role"] = "assistant", ["content"] = _calls.Count > 0 && _content.Length == 0 ? null : _content.ToString() };
        if (_reasoning.Length > 0) message["reasoning_content"] = _reasoning.ToString();
        for (var i = 0; i < _calls.Count; i++) _calls[i]!["function"]!["arguments"] = _arguments[i].ToString();
        if (_calls.Count > 0) message["tool_calls"] = _calls.DeepClone();
        var json = new JsonObject { ["index"] = Index, ["message"] = message, ["finish_reason"] = Reason };
        json["logprobs"] = TakeLogprobs();
        return json;
    }

    /// <summary>Why it ended. Clients refuse any other words.</summary>
    public string Reason => Finish?.Reason switch
    {
        ChatFinishReason.Length => "length",
        ChatFinishReason.ToolCalls => "tool_calls",
        _ => "stop",
    };

    private void Think(string text, List<JsonObject> deltas)
    {
        var isInText = _call.Reasoning is ReasoningFormat.Text or ReasoningFormat.Both;
        if (isInText) Write(_isThinkingOpen ? text : $"{_marks.Begin}\n{text}", deltas);
        _isThinkingOpen = isInText;
        if (_call.Reasoning is not (ReasoningFormat.Field or ReasoningFormat.Both)) return;
        _reasoning.Append(text);
        deltas.Add(new JsonObject { ["reasoning_content"] = text });
    }

    private void EndThinking(List<JsonObject> deltas)
    {
        _isThinkingOpen = false;
        Write($"\n{_marks.End}\n\n", deltas);
    }

    private void Write(string text, List<JsonObject> deltas)
    {
        _content.Append(text);
        deltas.Add(new JsonObject { ["content"] = text });
    }

    private void Begin(AnswerToolCallBegin call, List<JsonObject> deltas)
    {
        var json = new JsonObject
        {
            ["id"] = call.Id,
            ["type"] = "function",
            ["function"] = new JsonObject { ["name"] = call.Name, ["arguments"] = "" },
        };
        _calls.Add((JsonNode)json);
        _arguments.Add(new StringBuilder());
        var numbered = json.DeepClone().AsObject();
        numbered.Insert(0, "index", call.Index);
        deltas.Add(new JsonObject { ["tool_calls"] = new JsonArray(numbered) });
    }

    private void AddArguments(AnswerToolCallArguments arguments, List<JsonObject> deltas)
    {
        _arguments[arguments.Index].Append(arguments.Text);
        var call = new JsonObject { ["index"] = arguments.Index, ["function"] = new JsonObject { ["arguments"] = arguments.Text } };
        deltas.Add(new JsonObject { ["tool_calls"] = new JsonArray(call) });
    }
}
