using System.Text;
using System.Text.Json.Nodes;
using ArchGen.Runtime.Generation;
using ArchGen.Runtime.Scheduling;
using ArchGen.Tokenizers;

namespace ArchGen.Server.OpenAI;

/// <summary>One continuation of a prompt.</summary>
/// <param name="index">Its number in the answer.</param>
/// <param name="top">The likeliest tokens to list for each token; null if no probabilities are wanted.</param>
/// <param name="tokenizer">The tokenizer.</param>
internal sealed class CompletionChoice(int index, int? top, Tokenizer tokenizer)
{
    private readonly StringBuilder _text = new();
    private readonly StreamingDecoder _tokenTexts = new(tokenizer, special: false);
    private JsonArray _logprobs = [];
    private int _offset;

    /// <summary>Its last event, if it ended.</summary>
    public GenerationEvent? End { get; private set; }

    /// <summary>Takes a token.</summary>
    public void Add(in GenerationEvent token)
    {
        _text.Append(token.Text);
        if (token.Reason != StopReason.None) End = token;
        if (top is not { } count || token.Token < 0 || tokenizer.Vocabulary.IsEndOfGeneration(token.Token)) return;
        _logprobs.Add((JsonNode)LogprobsJson.Of(token, _tokenTexts.Append(token.Token), count, tokenizer));
    }

    /// <summary>What came since the last call; null if there is nothing to tell.</summary>
    public JsonObject? TakeNew()
    {
        if (_text.Length == 0 && End is null) return null;
        return ToJson();
    }

    /// <summary>The choice, with what was not taken before.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["text"] = _text.ToString(),
            ["index"] = index,
            ["logprobs"] = top is null ? null : TakeLogprobs(),
            ["finish_reason"] = End is not { } end ? null : end.Reason is StopReason.TokenLimit or StopReason.ContextFull ? "length" : "stop",
        };
        _text.Clear();
        return json;
    }

    // OpenAI's form for completions, and llama.cpp's (content), which is that of chats.
    private JsonObject TakeLogprobs()
    {
        JsonArray tokens = [], probabilities = [], likeliest = [], offsets = [];
        foreach (var entry in _logprobs)
        {
            var text = (string)entry!["token"]!;
            tokens.Add((JsonNode)text);
            probabilities.Add(entry["logprob"]!.DeepClone());
            var others = new JsonObject();
            foreach (var other in entry["top_logprobs"]!.AsArray()) others[(string)other!["token"]!] = other["logprob"]!.DeepClone();
            likeliest.Add((JsonNode)others);
            offsets.Add((JsonNode)_offset);
            _offset += text.Length;
        }

        var json = new JsonObject
        {
            ["tokens"] = tokens, ["token_logprobs"] = probabilities, ["top_logprobs"] = likeliest, ["text_offset"] = offsets, ["content"] = _logprobs,
        };
        _logprobs = [];
        return json;
    }
}
