using System.Text.Json.Nodes;
using ArchGen.Runtime.Scheduling;
using ArchGen.Server.Generation;
using ArchGen.Server.Http;
using ArchGen.Server.LlamaCpp.Slots;
using ArchGen.Server.Models;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ArchGen.Server.LlamaCpp.Completions;

/// <summary><c>/completion</c>: continues texts.</summary>
internal static class CompletionEndpoint
{
    private const int MinShifted = 4;

    /// <summary>Answers a request.</summary>
    public static Task AnswerAsync(HttpContext context) => ModelRequest.HandleAsync(
        context, (fields, model) => AnswerAsync(context, CompletionRequest.Read(fields, model), model));

    /// <summary>Continues the prompts of a request.</summary>
    /// <param name="context">The request and its response.</param>
    /// <param name="request">What it says.</param>
    /// <param name="model">The model.</param>
    public static async Task AnswerAsync(HttpContext context, CompletionRequest request, ServedModel model)
    {
        var slots = context.RequestServices.GetRequiredService<SlotTables>().Of(model);
        var uses = new List<SlotUse>();
        var streams = new List<GenerationStream>();
        var answers = new List<CompletionAnswer>();
        try
        {
            foreach (var prompt in request.Prompts) Begin(request, model, slots, prompt, uses, streams, answers, context.RequestAborted);
            if (request.IsStream) await StreamAsync(context, request, streams, answers).ConfigureAwait(false);
            else await WriteAsync(context, request, streams, answers).ConfigureAwait(false);
        }
        finally
        {
            foreach (var stream in streams) stream.Dispose();
            foreach (var use in uses) use.Dispose();
        }
    }

    private static void Begin(
        CompletionRequest request, ServedModel model, SlotTable slots, int[] prompt, List<SlotUse> uses, List<GenerationStream> streams,
        List<CompletionAnswer> answers, CancellationToken cancellation)
    {
        var length = model.Engine.SequenceLength;
        var space = length - prompt.Length;
        // The prompt alone is computed if no answer is wanted; otherwise there must be space for one.
        if (space < (request.MaxTokens == 0 ? 0 : 1)) throw ContextErrors.TooLong(prompt.Length, length);
        var isShifted = model.Options.ShiftsContext;
        var isCut = !isShifted && (request.MaxTokens < 0 || request.MaxTokens > space);
        var first = uses.Count;
        for (var i = 0; i < request.Generation.Answers; i++) uses.Add(slots.Take(request, prompt, model));
        streams.Add(model.Engine.Submit(
            request.Generation with
            {
                Prompt = prompt,
                MaxTokens = isCut ? space : request.MaxTokens < 0 ? int.MaxValue : request.MaxTokens,
                KeptTokens = isShifted ? Kept(request, prompt, model, length) : null,
                MaxCachedTokens = uses[first].MaxCachedTokens,
            },
            cancellation));
        for (var i = first; i < uses.Count; i++) answers.Add(new CompletionAnswer(request, model, uses[i], prompt, i, isCut));
    }

    // The first token, which begins the text, is never counted; at least four tokens are not kept.
    private static int Kept(CompletionRequest request, int[] prompt, ServedModel model, int length)
    {
        var kept = request.KeptTokens < 0 ? prompt.Length : request.KeptTokens + (model.Model.Tokenizer.AddsBos ? 1 : 0);
        return Math.Max(Math.Min(Math.Min(kept, prompt.Length), length - MinShifted), 0);
    }

    private static async Task StreamAsync(
        HttpContext context, CompletionRequest request, List<GenerationStream> streams, List<CompletionAnswer> answers)
    {
        await using var events = await EventStream.BeginAsync(context, interval: request.PingInterval).ConfigureAwait(false);
        await foreach (var answer in ReadAsync(context, request, streams, answers).ConfigureAwait(false))
        {
            if (answer.Next() is { } next) await events.WriteAsync(next).ConfigureAwait(false);
            if (answer.IsEnded) await events.WriteAsync(answer.Final()).ConfigureAwait(false);
        }
    }

    private static async Task WriteAsync(
        HttpContext context, CompletionRequest request, List<GenerationStream> streams, List<CompletionAnswer> answers)
    {
        await foreach (var _ in ReadAsync(context, request, streams, answers).ConfigureAwait(false))
        {
        }

        JsonNode body = answers.Count > 1 ? new JsonArray([.. answers.Select(answer => answer.Final())]) : answers[0].Final();
        await ApiEndpoint.WriteAsync(context, body).ConfigureAwait(false);
    }

    // The answers, each as often as it has a further event, until all have ended.
    private static async IAsyncEnumerable<CompletionAnswer> ReadAsync(
        HttpContext context, CompletionRequest request, List<GenerationStream> streams, List<CompletionAnswer> answers)
    {
        var left = answers.Count;
        await foreach (var (stream, next) in MergedStreams.ReadAsync(streams, context.RequestAborted).ConfigureAwait(false))
        {
            var answer = answers[(stream * request.Generation.Answers) + next.Answer];
            if (answer.IsEnded) continue;
            answer.Add(next);
            yield return answer;
            // One that took too long ends before its stream does.
            if (answer.IsEnded && --left == 0) yield break;
        }
    }
}
