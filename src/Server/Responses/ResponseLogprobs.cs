using System.Text;
using System.Text.Json.Nodes;
using ArchGen.Runtime.Scheduling;
using ArchGen.Server.OpenAI;
using ArchGen.Tokenizers;

namespace ArchGen.Server.Responses;

/// <summary>The probabilities of the tokens of a text. Tokens come before the characters that they complete.</summary>
/// <param name="tokenizer">The tokenizer.</param>
/// <param name="count">How many of the likeliest tokens are listed for each.</param>
internal sealed class ResponseLogprobs(Tokenizer tokenizer, int count)
{
    private readonly JsonArray _all = [];
    private JsonArray _new = [];

    /// <summary>Adds a token. One that ends the answer has no characters.</summary>
    public void Add(in GenerationEvent token)
    {
        if (token.Token < 0 || tokenizer.Vocabulary.IsEndOfGeneration(token.Token)) return;
        _new.Add((JsonNode)LogprobsJson.Of(token, Encoding.UTF8.GetString(tokenizer.Piece(token.Token, special: true)), count, tokenizer));
    }

    /// <summary>The tokens that came since the last time: they are those of the next characters of the text.</summary>
    public JsonArray TakeNew()
    {
        var taken = _new;
        foreach (var token in taken) _all.Add(token!.DeepClone());
        _new = [];
        return taken;
    }

    /// <summary>Forgets the tokens that came since the last time: they are no part of the text.</summary>
    public void Drop() => _new.Clear();

    /// <summary>The tokens of the text so far.</summary>
    public JsonArray All() => _all.DeepClone().AsArray();

    /// <summary>Begins another text.</summary>
    public void Clear() => _all.Clear();
}
