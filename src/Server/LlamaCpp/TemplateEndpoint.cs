using System.Text.Json.Nodes;
using ArchGen.Server.Http;
using ArchGen.Server.Models;
using ArchGen.Server.OpenAI;
using Microsoft.AspNetCore.Http;

namespace ArchGen.Server.LlamaCpp;

/// <summary><c>/apply-template</c>: the text that the model reads of a conversation.</summary>
internal static class TemplateEndpoint
{
    /// <summary>Answers a request.</summary>
    public static Task AnswerAsync(HttpContext context) => ModelRequest.HandleAsync(context, (fields, model) =>
    {
        var prompt = model.Chat.Template.Render(ChatCall.ReadConversation(fields, model), findsBoundaries: false);
        return ApiEndpoint.WriteAsync(context, new JsonObject { ["prompt"] = prompt.Text });
    });
}
