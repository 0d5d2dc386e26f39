using System.Text.Json.Nodes;
using ArchGen.Server.Generation;
using ArchGen.Server.Http;
using ArchGen.Server.Models;
using ArchGen.Tokenizers;
using Microsoft.AspNetCore.Http;

namespace ArchGen.Server.LlamaCpp;

/// <summary><c>/tokenize</c> and <c>/detokenize</c>.</summary>
internal static class TokenEndpoints
{
    /// <summary>The tokens of a text.</summary>
    public static Task TokenizeAsync(HttpContext context) => ModelRequest.HandleAsync(context, (fields, model) =>
    {
        var tokenizer = model.Model.Tokenizer;
        var tokens = tokenizer.Encode(fields.Text("content") ?? "", fields.Flag("add_special") ?? false, fields.Flag("parse_special") ?? true);
        var withPieces = fields.Flag("with_pieces") ?? false;
        var list = new JsonArray([.. tokens.Select(token => withPieces ? Piece(tokenizer, token) : (JsonNode)token)]);
        return ApiEndpoint.WriteAsync(context, new JsonObject { ["tokens"] = list });
    });

    /// <summary>The text of tokens.</summary>
    public static Task DetokenizeAsync(HttpContext context) => ModelRequest.HandleAsync(context, (fields, model) =>
    {
        var tokenizer = model.Model.Tokenizer;
        var isEmpty = fields.Any("tokens") is not { } value || (value.ValueKind == System.Text.Json.JsonValueKind.Array && value.GetArrayLength() == 0);
        var tokens = isEmpty ? [] : PromptFields.Read(fields, "tokens", tokenizer, parsesSpecial: true)[0];
        return ApiEndpoint.WriteAsync(context, new JsonObject { ["content"] = tokenizer.Decode(tokens, special: true) });
    });

    // The bytes, where they are no whole characters.
    private static JsonObject Piece(Tokenizer tokenizer, int token)
    {
        var bytes = tokenizer.Piece(token, special: true);
        return new JsonObject { ["id"] = token, ["piece"] = Utf8Text.IsValid(bytes) ? Utf8Text.WholeCharacters(bytes) : Utf8Text.Numbers(bytes) };
    }
}
