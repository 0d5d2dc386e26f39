using System.Text.Json.Nodes;
using ArchGen.Runtime.Embeddings;
using ArchGen.Server.Generation;
using ArchGen.Server.Http;
using ArchGen.Server.Models;
using Microsoft.AspNetCore.Http;

namespace ArchGen.Server.LlamaCpp;

/// <summary><c>/embedding</c>: embeddings in llama.cpp's form, in which each text has a list of rows.</summary>
internal static class EmbeddingEndpoint
{
    private const int Euclidean = 2;

    /// <summary>Answers a request.</summary>
    public static Task AnswerAsync(HttpContext context) => ModelRequest.HandleAsync(context, async (fields, model) =>
    {
        var name = fields.Any("input") is null && fields.Any("content") is not null ? "content" : "input";
        var inputs = PromptFields.Read(fields, name, model.Model.Tokenizer, parsesSpecial: true);
        var norm = fields.Whole("embd_normalize", -1) ?? Euclidean;
        if (fields.Text("encoding_format") is { } format and not "float")
            throw new RequestException($"'encoding_format' is '{format}'; expected float. /v1/embeddings writes base64.");
        var rows = new List<float[]>();
        foreach (var input in inputs) rows.Add(await model.EmbedAsync(input, context.RequestAborted).ConfigureAwait(false));
        var isPooled = model.Service.Embedder.Pooling != Pooling.None;
        var list = new JsonArray();
        for (var i = 0; i < rows.Count; i++) list.Add((JsonNode)new JsonObject { ["index"] = i, ["embedding"] = Rows(rows[i], model, isPooled, norm) });
        await ApiEndpoint.WriteAsync(context, list).ConfigureAwait(false);
    });

    private static JsonArray Rows(float[] values, ServedModel model, bool isPooled, int norm)
    {
        var width = isPooled ? values.Length : model.Service.Embedder.Width;
        var rows = new JsonArray();
        for (var start = 0; start < values.Length; start += width)
        {
            var row = values.AsSpan(start, width);
            if (isPooled && norm != Euclidean) Normalize(row, norm);
            rows.Add((JsonNode)OpenAI.EmbeddingEndpoint.Numbers(row));
        }

        return rows;
    }

    // -1 none, 0 by the largest to the range of 16-bit integers, otherwise by the p-norm.
    private static void Normalize(Span<float> row, int norm)
    {
        var size = 0.0;
        foreach (var value in row) size = norm == 0 ? Math.Max(size, Math.Abs(value) / 32760.0) : size + Math.Pow(Math.Abs(value), norm);
        if (norm > 0) size = Math.Pow(size, 1.0 / norm);
        if (norm < 0 || size == 0) return;
        foreach (ref var value in row) value = (float)(value / size);
    }
}
