using System.Text.Json;
using System.Text.Json.Nodes;
using ArchGen.Runtime.Embeddings;
using ArchGen.Server.Http;
using ArchGen.Server.Models;
using Microsoft.AspNetCore.Http;

namespace ArchGen.Server.LlamaCpp;

/// <summary><c>/rerank</c>: sorts documents by how well they fit a query, in the form of Jina's API, or of TEI's if they are named <c>texts</c>.</summary>
internal static class RerankEndpoint
{
    /// <summary>Answers a request.</summary>
    public static Task AnswerAsync(HttpContext context) => ModelRequest.HandleAsync(context, async (fields, model) =>
    {
        var query = fields.RequiredText("query");
        var isTei = fields.Any("texts") is not null;
        var documents = Documents(fields, isTei ? "texts" : "documents");
        var most = Math.Min(fields.Whole("top_n", 0) ?? documents.Count, documents.Count);
        if (!IsRanker(model))
        {
            throw new ApiException(new ApiError(
                StatusCodes.Status501NotImplemented, ErrorKind.NotSupported, $"The model {model.Id} does not rank texts. Request a reranker."));
        }

        var scores = new List<(int Index, float Score)>();
        var tokens = 0;
        foreach (var document in documents)
        {
            tokens += model.Service.Embedder.Encode(query, document).Length;
            scores.Add((scores.Count, (await model.EmbedAsync(query, document, context.RequestAborted).ConfigureAwait(false))[0]));
        }

        var best = scores.OrderByDescending(each => each.Score).Take(most);
        var returnsTexts = fields.Flag(isTei ? "return_text" : "return_documents") ?? false;
        var results = new JsonArray([.. best.Select(each => Result(each.Index, each.Score, isTei, returnsTexts ? documents[each.Index] : null))]);
        await ApiEndpoint.WriteAsync(context, isTei ? results : new JsonObject
        {
            ["model"] = model.Id,
            ["object"] = "list",
            ["usage"] = new JsonObject { ["prompt_tokens"] = tokens, ["total_tokens"] = tokens },
            ["results"] = results,
        }).ConfigureAwait(false);
    });

    private static List<string> Documents(in JsonFields fields, string name)
    {
        var texts = new List<string>();
        foreach (var item in fields.Array(name) ?? throw fields.Missing(name, "an array of texts"))
        {
            // Jina's API takes objects with a text, too.
            if (item.ValueKind == JsonValueKind.String) texts.Add(item.GetString()!);
            else if (item.ValueKind == JsonValueKind.Object) texts.Add(new JsonFields(item, fields.At($"{name}[{texts.Count}]")).RequiredText("text"));
            else throw fields.Wrong($"{name}[{texts.Count}]", item, "a string");
        }

        return texts.Count > 0 ? texts : throw new RequestException($"'{fields.At(name)}' is empty; expected at least one text.");
    }

    private static bool IsRanker(ServedModel model)
    {
        try
        {
            return model.Service.Embedder.Pooling == Pooling.Rank;
        }
        catch (RequestException)
        {
            return false;
        }
    }

    private static JsonObject Result(int index, float score, bool isTei, string? text)
    {
        var json = new JsonObject { ["index"] = index, [isTei ? "score" : "relevance_score"] = score };
        if (text is not null) json[isTei ? "text" : "document"] = isTei ? text : new JsonObject { ["text"] = text };
        return json;
    }
}
