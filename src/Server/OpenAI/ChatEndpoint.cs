using System.Text.Json.Nodes;
using ArchGen.Chat.Conversations;
using ArchGen.Chat.Prompts;
using ArchGen.Server.Http;
using ArchGen.Server.Models;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ArchGen.Server.OpenAI;

/// <summary><c>/v1/chat/completions</c>: answers in a conversation.</summary>
internal static class ChatEndpoint
{
    /// <summary>Answers.</summary>
    public static Task CompleteAsync(HttpContext context) => ModelRequest.HandleAsync(context, async (fields, model) =>
    {
        var call = ChatCall.Read(fields, model);
        if (fields.Any("verbose") is null && context.RequestServices.GetRequiredService<ServerOptions>().IsVerbose) call = call with { IsVerbose = true };
        var warnings = new List<string>();
        using var answer = model.Chat.Submit(call.Conversation, call.Generation, warnings, context.RequestAborted);
        var writer = new ChatWriter(call, model, call.IsVerbose ? Read(model, answer.Prompt) : "", warnings);
        using var thoughts = context.RequestServices.GetRequiredService<RunningThoughts>().Add(writer.Id, call.Generation.ThinkingControl, answer.Prompt);
        if (call.IsStreamed)
        {
            await StreamAsync(context, answer, writer).ConfigureAwait(false);
            return;
        }

        await foreach (var update in answer.WithCancellation(context.RequestAborted).ConfigureAwait(false)) writer.Add(update);
        await ApiEndpoint.WriteAsync(context, writer.ToJson()).ConfigureAwait(false);
    });

    /// <summary>Counts the tokens that a request has.</summary>
    public static Task CountAsync(HttpContext context) => ModelRequest.HandleAsync(context, async (fields, model) =>
    {
        var prompt = model.Chat.Template.Render(ChatCall.ReadConversation(fields, model), findsBoundaries: false);
        var json = new JsonObject { ["object"] = "response.input_tokens", ["input_tokens"] = prompt.Tokens.Length };
        await ApiEndpoint.WriteAsync(context, json).ConfigureAwait(false);
    });

    // With the special tokens that the tokenizer adds.
    private static string Read(ServedModel model, ChatPrompt prompt) => model.Model.Tokenizer.Decode(prompt.Tokens, special: true);

    private static async Task StreamAsync(HttpContext context, ChatStream answer, ChatWriter writer)
    {
        await using var stream = await EventStream.BeginAsync(context).ConfigureAwait(false);
        foreach (var chunk in writer.Begin()) await stream.WriteAsync(chunk).ConfigureAwait(false);
        await foreach (var update in answer.WithCancellation(context.RequestAborted).ConfigureAwait(false))
        {
            foreach (var chunk in writer.Add(update)) await stream.WriteAsync(chunk).ConfigureAwait(false);
        }

        await stream.WriteDoneAsync().ConfigureAwait(false);
    }
}
