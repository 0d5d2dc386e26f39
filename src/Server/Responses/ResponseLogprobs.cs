using System.Text;
using System.Text.Json.Nodes;
using ArchGen.Runtime.Generation;
using ArchGen.Runtime.Sampling;
using ArchGen.Tokenizers;

namespace ArchGen.Server.Responses;

/// <summary>The probabilities of the tokens of a text. Tokens come before the characters that they complete.</summary>
/// <param name="tokenizer">The tokenizer.</param>
/// <param name="count">How many of the likeliest tokens are listed for each.</param>
internal sealed class ResponseLogprobs(Tokenizer tokenizer, int count)
{
    private readonly JsonArray _all = [];
    private JsonArray _new = [];

    /// <summary>Adds a token.</summary>
    public void Add(TokenProbabilities token)
    {
        var json = Token(token.Chosen);
        json["top_logprobs"] = new JsonArray([.. token.Likeliest.Take(count).Select(Token)]);
        _new.Add(json);
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

    private JsonObject Token(TokenProbability token)
    {
        var bytes = tokenizer.Piece(token.Token, special: true);
        return new JsonObject
        {
            ["token"] = Encoding.UTF8.GetString(bytes),
            ["logprob"] = token.LogProbability,
            ["bytes"] = new JsonArray([.. bytes.ToArray().Select(each => (int)each)]),
        };
    }
}
