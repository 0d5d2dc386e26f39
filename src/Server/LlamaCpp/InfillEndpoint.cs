using System.Text.Json;
using ArchGen.Server.Generation;
using ArchGen.Server.Http;
using ArchGen.Server.LlamaCpp.Completions;
using ArchGen.Server.Models;
using ArchGen.Tokenizers;
using Microsoft.AspNetCore.Http;

namespace ArchGen.Server.LlamaCpp;

/// <summary><c>/infill</c>: fills the gap between two texts (arXiv:2207.14255; with several files, arXiv:2409.12186).</summary>
internal static class InfillEndpoint
{
    private const string Repository = "myproject\n";
    private const string File = "filename\n";
    private const string Separator = "\n\n--- snippet ---\n\n";

    /// <summary>Answers a request.</summary>
    public static Task AnswerAsync(HttpContext context) => ModelRequest.HandleAsync(
        context, (fields, model) => CompletionEndpoint.AnswerAsync(context, CompletionRequest.Read(fields, model, [Prompt(fields, model)]), model));

    // What is beyond the context is left out of the further files, and farthest from the gap, as in llama.cpp: an editor sends all that it has.
    private static int[] Prompt(in JsonFields fields, ServedModel model)
    {
        var tokenizer = model.Model.Tokenizer;
        var prefixToken = Token(tokenizer, SpecialToken.FimPrefix, "prefix");
        var suffixToken = Token(tokenizer, SpecialToken.FimSuffix, "suffix");
        var middleToken = Token(tokenizer, SpecialToken.FimMiddle, "middle");
        var beginning = tokenizer.Encode(fields.Text("prompt") ?? "", addSpecial: false, parseSpecial: true);
        var prefix = Text(fields, "input_prefix", tokenizer);
        var suffix = Text(fields, "input_suffix", tokenizer);
        var extra = Extra(fields, tokenizer);

        var (length, batch) = (model.Engine.SequenceLength, model.Engine.MaxBatch);
        prefix = prefix[Math.Max(0, prefix.Length - (3 * (batch / 4)))..];
        suffix = suffix[..Math.Min(suffix.Length, Math.Max(0, (batch / 4) - (2 + beginning.Length)))];
        var answer = Math.Max(LimitFields.MaxTokens(fields, model) ?? 0, 0);
        extra = extra[Math.Max(0, extra.Length - Math.Max(0, length - batch - (2 * answer)))..];
        int[] bos = tokenizer is { AddsBos: true, Vocabulary.Bos: { } id } ? [id] : [];
        return [.. extra, .. bos, prefixToken, .. prefix, .. beginning, suffixToken, .. suffix, middleToken];
    }

    private static int[] Text(in JsonFields fields, string name, Tokenizer tokenizer)
    {
        var value = fields.Any(name) ?? throw fields.Missing(name, "a string");
        return value.ValueKind == JsonValueKind.Array
            ? PromptFields.Read(fields, name, tokenizer, parsesSpecial: false)[0]
            : tokenizer.Encode(fields.RequiredText(name), addSpecial: false, parseSpecial: false);
    }

    private static int[] Extra(in JsonFields fields, Tokenizer tokenizer)
    {
        var vocabulary = tokenizer.Vocabulary;
        var tokens = new List<int>();
        if (vocabulary[SpecialToken.FimRepository] is { } repository) tokens.AddRange([repository, .. Encode(tokenizer, Repository)]);
        foreach (var chunk in fields.Objects("input_extra") ?? [])
        {
            var (text, name) = (chunk.RequiredText("text"), chunk.Text("filename") ?? "tmp");
            if (vocabulary[SpecialToken.FimFileSeparator] is { } separator) tokens.AddRange([separator, .. Encode(tokenizer, name + "\n")]);
            else tokens.AddRange(Encode(tokenizer, Separator));
            tokens.AddRange(Encode(tokenizer, text));
        }

        if (vocabulary[SpecialToken.FimFileSeparator] is { } last) tokens.AddRange([last, .. Encode(tokenizer, File)]);
        return [.. tokens];
    }

    private static int[] Encode(Tokenizer tokenizer, string text) => tokenizer.Encode(text, addSpecial: false, parseSpecial: false);

    private static int Token(Tokenizer tokenizer, SpecialToken role, string name) => tokenizer.Vocabulary[role] ?? throw new ApiException(new ApiError(
        StatusCodes.Status501NotImplemented, ErrorKind.NotSupported, $"The model cannot fill gaps: its vocabulary has no token for the {name}."));
}
