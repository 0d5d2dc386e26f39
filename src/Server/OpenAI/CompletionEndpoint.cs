using System.Text.Json.Nodes;
using ArchGen.Server.Generation;
using ArchGen.Server.Http;
using ArchGen.Server.Models;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ArchGen.Server.OpenAI;

/// <summary><c>/v1/completions</c>: continues texts.</summary>
internal static class CompletionEndpoint
{
    /// <summary>Answers.</summary>
    public static Task CompleteAsync(HttpContext context) => ModelRequest.HandleAsync(context, async (fields, model) =>
    {
        var call = CompletionCall.Read(fields, model);
        using var answers = new SubmittedPrompts(model.Engine, call.Prompts, context.RequestAborted);
        var header = new AnswerHeader("text_completion", "cmpl-", model.Id, model.Service.Options.Clock.GetUtcNow());
        var choices = Enumerable.Range(0, call.Prompts.Count * call.Answers)
            .Select(index => new CompletionChoice(index, call.TopLogprobs, model.Model.Tokenizer)).ToArray();
        if (call.IsStreamed)
        {
            await StreamAsync(context, call, answers, header, choices).ConfigureAwait(false);
            return;
        }

        await foreach (var (prompt, next) in answers.ReadAsync(context.RequestAborted).ConfigureAwait(false))
            choices[(prompt * call.Answers) + next.Answer].Add(next);
        var json = header.With([.. choices.Select(choice => choice.ToJson())]);
        json["usage"] = Usage(call, choices);
        AddRest(json, call, choices);
        await ApiEndpoint.WriteAsync(context, json).ConfigureAwait(false);
    });

    private static async Task StreamAsync(
        HttpContext context, CompletionCall call, SubmittedPrompts answers, AnswerHeader header, CompletionChoice[] choices)
    {
        await using var stream = await EventStream.BeginAsync(context).ConfigureAwait(false);
        var left = choices.Length;
        await foreach (var (prompt, next) in answers.ReadAsync(context.RequestAborted).ConfigureAwait(false))
        {
            var choice = choices[(prompt * call.Answers) + next.Answer];
            choice.Add(next);
            if (choice.TakeNew() is not { } json) continue;
            var chunk = header.With(json);
            if (choice.End is not null && --left == 0 && !call.IncludesUsage) AddRest(chunk, call, choices);
            await stream.WriteAsync(chunk).ConfigureAwait(false);
        }

        if (call.IncludesUsage)
        {
            var last = header.With();
            last["usage"] = Usage(call, choices);
            AddRest(last, call, choices);
            await stream.WriteAsync(last).ConfigureAwait(false);
        }

        await stream.WriteDoneAsync().ConfigureAwait(false);
    }

    // The answers to one prompt share it.
    private static JsonObject Usage(CompletionCall call, CompletionChoice[] choices)
    {
        var usage = new UsageJson();
        for (var i = 0; i < choices.Length; i++)
        {
            if (choices[i].End is not { } end) continue;
            if (i % call.Answers == 0) usage.AddPrompt(end.Usage.PromptTokens, end.Usage.CachedTokens);
            usage.AddAnswer(end.Usage.GeneratedTokens, 0);
        }

        return usage.ToJson();
    }

    // What OpenAI's API does not have; its clients ignore it.
    private static void AddRest(JsonObject json, CompletionCall call, CompletionChoice[] choices)
    {
        if (choices[0].End is { } end) json["timings"] = TimingsJson.Of(end.Usage, end.Times);
        json["seed"] = call.Sampling.Seed;
    }
}
