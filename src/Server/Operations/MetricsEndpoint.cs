using System.Text;
using ArchGen.Runtime.Scheduling;
using ArchGen.Server.Http;
using ArchGen.Server.Models;
using ArchGen.Server.OpenAI;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ArchGen.Server.Operations;

/// <summary><c>/metrics</c> for Prometheus: by llama.cpp's names, and by those of OpenTelemetry's conventions for generative AI.</summary>
internal static class MetricsEndpoint
{
    private const string ModelLabel = "gen_ai_request_model";

    /// <summary>Maps it.</summary>
    public static void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/metrics", ApiEndpoint.Of(OpenAIErrors.Instance, WriteAsync, EndpointAccess.Monitoring));

    private static async Task WriteAsync(HttpContext context)
    {
        var services = context.RequestServices;
        if (!services.GetRequiredService<ServerOptions>().ServesMetrics)
        {
            throw new ApiException(new ApiError(
                StatusCodes.Status501NotImplemented, ErrorKind.NotSupported, "This server does not serve metrics. Start it with --metrics."));
        }

        var text = Text(services.GetRequiredService<ModelRegistry>(), services.GetRequiredService<ServerMetrics>(), services.GetRequiredService<RequestGate>());
        context.Response.ContentType = PrometheusText.ContentType;
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), context.RequestAborted).ConfigureAwait(false);
    }

    private static string Text(ModelRegistry registry, ServerMetrics metrics, RequestGate gate)
    {
        var models = registry.Models.Select(model => (model.Id, Engine: model.EngineOrNull?.Metrics ?? new(), Measured: metrics.Of(model.Id), model)).ToArray();
        var text = new PrometheusText();
        foreach (var (name, type, help, value) in LlamaCpp)
        {
            text.Metric($"llamacpp:{name}", type, help);
            // Without a label, as llama.cpp has them, if there is one model.
            foreach (var (id, engine, measured, _) in models)
                text.Sample($"llamacpp:{name}", value(engine, measured), models.Length == 1 ? [] : [("model", id)]);
        }

        foreach (var (name, help, histogram) in Answers)
        {
            text.Metric(name, "histogram", help);
            foreach (var (id, _, measured, _) in models) text.Samples(name, histogram(measured), (ModelLabel, id));
        }

        text.Metric("archgen_model_loaded", "gauge", "Whether a model is open.");
        foreach (var (id, _, _, model) in models) text.Sample("archgen_model_loaded", model.IsOpen ? 1 : 0, (ModelLabel, id));
        text.Metric("archgen_model_bytes", "gauge", "Bytes of weights and caches of a model that is open.");
        foreach (var (id, _, _, model) in models) text.Sample("archgen_model_bytes", model.IsOpen ? model.Bytes : 0, (ModelLabel, id));
        text.Metric("archgen_requests_running", "gauge", "Requests that are being answered.").Sample("archgen_requests_running", gate.Running);
        text.Metric("http_server_request_duration_seconds", "histogram", "The time of requests, by route.");
        foreach (var ((method, route, status), histogram) in metrics.Requests)
        {
            text.Samples("http_server_request_duration_seconds", histogram, ("http_request_method", method), ("http_route", route),
                ("http_response_status_code", $"{status}"));
        }

        return text.ToString();
    }

    private static readonly (string Name, string Help, Func<ModelMetrics, Histogram> Of)[] Answers =
    [
        ("gen_ai_server_request_duration_seconds", "The time from a request to the end of its answer.", measured => measured.Duration),
        ("gen_ai_server_time_to_first_token_seconds", "The time from a request to the first token of its answer.", measured => measured.TimeToFirstToken),
        ("gen_ai_server_time_per_output_token_seconds", "The time per token of an answer after the first.", measured => measured.TimePerToken),
    ];

    // Those of the engine begin again at 0 when the model is closed and opened again, as counters may.
    private static readonly (string Name, string Type, string Help, Func<EngineMetrics, ModelMetrics, double> Value)[] LlamaCpp =
    [
        ("prompt_tokens_total", "counter", "Tokens of prompts that were computed.", (_, measured) => measured.PromptTokens),
        ("prompt_seconds_total", "counter", "Seconds in which prompts were computed.", (_, measured) => measured.PromptSeconds),
        ("tokens_predicted_total", "counter", "Tokens that were generated.", (_, measured) => measured.GeneratedTokens),
        ("tokens_predicted_seconds_total", "counter", "Seconds in which they were generated.", (_, measured) => measured.GenerationSeconds),
        ("prompt_cached_tokens_total", "counter", "Tokens of prompts that the prefix cache had.", (_, measured) => measured.CachedTokens),
        ("n_decode_total", "counter", "Batches that were computed.", (engine, _) => engine.Steps),
        ("n_tokens_max", "counter", "Most tokens of a prompt and its answer.", (_, measured) => measured.MostTokens),
        ("spec_decode_num_draft_tokens_total", "counter", "Tokens that were drafted.", (engine, _) => engine.DraftTokens),
        ("spec_decode_num_accepted_tokens_total", "counter", "Draft tokens that were accepted.", (engine, _) => engine.AcceptedTokens),
        ("spec_decode_num_drafts_total", "counter", "Batches with drafts.", (engine, _) => engine.Drafts),
        ("prompt_tokens_seconds", "gauge", "Tokens of prompts in a second.", (_, measured) => Rate(measured.PromptTokens, measured.PromptSeconds)),
        ("predicted_tokens_seconds", "gauge", "Tokens generated in a second, of one answer.",
            (_, measured) => Rate(measured.GeneratedTokens, measured.GenerationSeconds)),
        ("requests_processing", "gauge", "Answers that are being computed.", (engine, _) => engine.RunningAnswers),
        ("requests_deferred", "gauge", "Answers that wait.", (engine, _) => engine.QueuedAnswers),
        ("n_busy_slots_per_decode", "gauge", "Answers of a batch, on average.", (engine, _) => Rate(engine.BusyAnswers, Math.Max(engine.Steps, 1))),
        ("kv_cache_usage_ratio", "gauge", "The share of the cells of the KV cache that running answers have.",
            (engine, _) => Rate(engine.UsedCells, engine.Cells)),
    ];

    private static double Rate(double count, double by) => by > 0 ? count / by : 0;
}
