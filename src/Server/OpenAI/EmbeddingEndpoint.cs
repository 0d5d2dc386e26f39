using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using ArchGen.Runtime.Embeddings;
using ArchGen.Server.Generation;
using ArchGen.Server.Http;
using ArchGen.Server.Models;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ArchGen.Server.OpenAI;

/// <summary><c>/v1/embeddings</c>: rows of numbers that say what texts mean.</summary>
internal static class EmbeddingEndpoint
{
    /// <summary>Answers.</summary>
    public static Task EmbedAsync(HttpContext context) => ModelRequest.HandleAsync(context, async (fields, model) =>
    {
        var isBase64 = IsBase64(fields);
        Check(fields, model.Embedder);
        var inputs = PromptFields.Read(fields, fields.Any("input") is null && fields.Any("content") is not null ? "content" : "input",
            model.Model.Tokenizer, parsesSpecial: false);
        CheckLengths(inputs, model.Model.TrainedContextLength);
        var data = new JsonArray();
        foreach (var input in inputs)
        {
            var row = await model.EmbedAsync(input, context.RequestAborted).ConfigureAwait(false);
            data.Add((JsonNode)new JsonObject
            {
                ["object"] = "embedding",
                ["index"] = data.Count,
                ["embedding"] = isBase64 ? Convert.ToBase64String(MemoryMarshal.AsBytes(row.AsSpan())) : Numbers(row),
            });
        }

        var tokens = inputs.Sum(input => input.Length);
        await ApiEndpoint.WriteAsync(context, new JsonObject
        {
            ["object"] = "list",
            ["data"] = data,
            ["model"] = model.Id,
            ["usage"] = new JsonObject { ["prompt_tokens"] = tokens, ["total_tokens"] = tokens },
        }).ConfigureAwait(false);
    });

    /// <summary>A row as JSON.</summary>
    public static JsonArray Numbers(ReadOnlySpan<float> row)
    {
        var json = new JsonArray();
        foreach (var value in row) json.Add((JsonNode)value);
        return json;
    }

    /// <summary>Whether rows are written as the base64 of their bytes, little-endian.</summary>
    /// <exception cref="RequestException">The format is unknown.</exception>
    public static bool IsBase64(in JsonFields fields) => fields.Text("encoding_format") switch
    {
        null or "float" => false,
        "base64" => true,
        var other => throw new RequestException($"'{fields.At("encoding_format")}' is '{other}'; expected float or base64."),
    };

    /// <summary>Refuses inputs that are longer than what the model was trained for, before any is computed.</summary>
    /// <exception cref="ApiException">One is.</exception>
    public static void CheckLengths(IReadOnlyList<int[]> inputs, int? limit)
    {
        for (var i = 0; i < inputs.Count; i++)
        {
            if (!(inputs[i].Length > limit)) continue;
            throw new ApiException(new ApiError(StatusCodes.Status400BadRequest, ErrorKind.ContextFull,
                $"Input {i} is too large: it has {inputs[i].Length} tokens, and the model was trained for {limit}. Shorten it, or embed it in parts.")
            {
                Details = new JsonObject { ["n_prompt_tokens"] = inputs[i].Length, ["n_ctx"] = limit },
            });
        }
    }

    private static void Check(in JsonFields fields, TextEmbedder embedder)
    {
        if (embedder.Pooling == Pooling.None)
            throw new RequestException("The rows of tokens are not pooled (pooling none), so a text has no embedding. Use /embeddings, or choose a pooling.");
        if (embedder.Pooling == Pooling.Rank) throw new RequestException("The model ranks texts and has no embeddings. Use /rerank.");
        if (fields.Whole("dimensions", 1) is { } dimensions && dimensions != embedder.Width)
            throw new RequestException($"'{fields.At("dimensions")}' is {dimensions}; embeddings of this model have {embedder.Width}. Leave it out.");
    }
}
