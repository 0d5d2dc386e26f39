using System.Text.Json.Nodes;
using ArchGen.Runtime.Generation;
using ArchGen.Runtime.Sampling;
using ArchGen.Server.Generation;
using ArchGen.Tokenizers;

namespace ArchGen.Server.LlamaCpp.Completions;

/// <summary>Writes how likely tokens were: <c>completion_probabilities</c>.</summary>
/// <param name="tokenizer">The tokenizer.</param>
/// <param name="isAfterSampling">Whether they are probabilities after sampling, 0 to 1; otherwise they are the logarithms of the model's.</param>
internal sealed class ProbabilityJson(Tokenizer tokenizer, bool isAfterSampling)
{
    private readonly string _name = isAfterSampling ? "prob" : "logprob";

    /// <summary>A token with those that were likely in its place.</summary>
    public JsonObject Of(TokenProbabilities probabilities)
    {
        var json = Of(probabilities.Chosen);
        var likeliest = isAfterSampling ? probabilities.Likeliest.Where(each => each.LogProbability > float.NegativeInfinity) : probabilities.Likeliest;
        json[isAfterSampling ? "top_probs" : "top_logprobs"] = new JsonArray([.. likeliest.Select(Of)]);
        return json;
    }

    private JsonObject Of(TokenProbability token)
    {
        var bytes = tokenizer.Piece(token.Token, special: true);
        return new JsonObject
        {
            ["id"] = token.Token,
            ["token"] = Utf8Text.WholeCharacters(bytes),
            ["bytes"] = Utf8Text.Numbers(bytes),
            [_name] = isAfterSampling ? MathF.Exp(token.LogProbability) : Math.Clamp(token.LogProbability, float.MinValue, 0),
        };
    }
}
