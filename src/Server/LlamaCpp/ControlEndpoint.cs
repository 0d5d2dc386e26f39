using System.Text.Json.Nodes;
using ArchGen.Server.Http;
using ArchGen.Server.OpenAI;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ArchGen.Server.LlamaCpp;

/// <summary><c>/v1/chat/completions/control</c>: ends the thinking of an answer that is being generated.</summary>
internal static class ControlEndpoint
{
    /// <summary>Answers a request.</summary>
    public static async Task AnswerAsync(HttpContext context)
    {
        using var body = await ApiEndpoint.ReadObjectAsync(context).ConfigureAwait(false);
        var fields = new JsonFields(body.RootElement);
        var id = fields.RequiredText("id");
        if (fields.RequiredText("action") is var action and not "reasoning_end")
            throw new RequestException($"'action' is '{action}'; expected reasoning_end.");
        var problem = context.RequestServices.GetRequiredService<RunningThoughts>().End(id);
        var answer = new JsonObject { ["success"] = problem is null };
        if (problem is not null) answer["message"] = problem;
        await ApiEndpoint.WriteAsync(context, answer).ConfigureAwait(false);
    }
}
