using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ArchGen.Runtime.Generation;
using ArchGen.Runtime.Scheduling;
using ArchGen.Server.Generation;
using ArchGen.Server.Http;
using ArchGen.Tokenizers;

namespace ArchGen.Server.OpenAI;

/// <summary>Probabilities of tokens, as OpenAI's API has them.</summary>
internal static class LogprobsJson
{
    private const int MaxTop = 100;

    /// <summary>The likeliest tokens to list for each token; null if no probabilities are wanted.</summary>
    /// <param name="fields">The request: <c>logprobs</c> as true or, of a completion, a number; <c>top_logprobs</c>; llama.cpp's <c>n_probs</c>.</param>
    /// <exception cref="RequestException">A value is wrong.</exception>
    public static int? Requested(in JsonFields fields)
    {
        var top = fields.Whole("top_logprobs", 0, MaxTop);
        var isWanted = fields.Any("logprobs") is { ValueKind: JsonValueKind.Number } ? fields.Whole("logprobs", 0, MaxTop) : (int?)null;
        if (isWanted is { } number) return top ?? number;
        if (fields.Flag("logprobs") == true) return top ?? fields.Whole("n_probs", 0, MaxTop) ?? 0;
        if (top > 0) throw new RequestException($"'{fields.At("top_logprobs")}' needs '{fields.At("logprobs")}' to be true.");
        return fields.Whole("n_probs", 0, MaxTop) is > 0 and var count ? count : null;
    }

    /// <summary>A token with its probability, and the likeliest in its place. A token that a constraint forced is certain.</summary>
    /// <param name="token">The token.</param>
    /// <param name="text">The characters that are complete with it.</param>
    /// <param name="top">How many of the likeliest are listed.</param>
    /// <param name="tokenizer">The tokenizer.</param>
    public static JsonObject Of(in GenerationEvent token, string text, int top, Tokenizer tokenizer)
    {
        var json = Token(token.Token, text, token.Probabilities?.Chosen.LogProbability ?? 0, tokenizer);
        var likeliest = token.Probabilities?.Likeliest ?? [];
        json["top_logprobs"] = new JsonArray([.. likeliest.Take(top)
            .Select(other => Token(other.Token, Encoding.UTF8.GetString(tokenizer.Piece(other.Token, special: true)), other.LogProbability, tokenizer))]);
        return json;
    }

    private static JsonObject Token(int id, string text, float logprob, Tokenizer tokenizer) => new()
    {
        ["id"] = id,
        ["token"] = text,
        ["bytes"] = Utf8Text.Numbers(tokenizer.Piece(id, special: true)),
        // JSON has no infinity.
        ["logprob"] = float.IsFinite(logprob) ? Math.Min(logprob, 0) : float.MinValue,
    };
}
