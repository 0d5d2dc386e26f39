using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using ArchGen.Chat.Prompts;
using ArchGen.Server.Http;
using ArchGen.Server.LlamaCpp.Completions;
using ArchGen.Server.Models;
using ArchGen.Tokenizers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ArchGen.Server.LlamaCpp;

/// <summary><c>/props</c>: what the server offers.</summary>
internal static class PropsEndpoints
{
    // What models were that are closed now.
    private static readonly ConditionalWeakTable<ServedModel, JsonObject> Known = [];

    /// <summary>Tells it.</summary>
    public static async Task GetAsync(HttpContext context)
    {
        var options = context.RequestServices.GetRequiredService<ServerOptions>();
        var registry = context.RequestServices.GetRequiredService<ModelRegistry>();
        var named = context.Request.Query["model"].FirstOrDefault() is { } name ? registry.Find(name) : registry.Models.FirstOrDefault();
        if (named is { IsSleeping: true, IsOpen: false })
        {
            // To ask must not wake it up.
            var sleeping = Known.TryGetValue(named, out var known) ? known.DeepClone().AsObject() : Unknown(named);
            sleeping["is_sleeping"] = true;
            await ApiEndpoint.WriteAsync(context, sleeping).ConfigureAwait(false);
            return;
        }

        using var lease = await LlamaCppRequest.AcquireAsync(context).ConfigureAwait(false);
        var properties = Of(lease.Model, options);
        Known.AddOrUpdate(lease.Model, properties);
        await ApiEndpoint.WriteAsync(context, properties).ConfigureAwait(false);
    }

    private static JsonObject Unknown(ServedModel model) => new()
    {
        ["total_slots"] = model.Options.Model.MaxConcurrentAnswers,
        ["model_alias"] = model.Id,
        ["model_path"] = Path.GetFileName(model.Options.Model.ModelPath),
        ["build_info"] = ServerVersion.Build,
    };

    private static JsonObject Of(ServedModel model, ServerOptions options)
    {
        var vocabulary = model.Model.Tokenizer.Vocabulary;
        var template = Template(model);
        return new JsonObject
        {
            ["default_generation_settings"] = new JsonObject
            {
                ["params"] = SettingsJson.Defaults(model),
                ["n_ctx"] = ContextLength(model),
            },
            ["total_slots"] = model.Service.Options.MaxConcurrentAnswers,
            ["model_alias"] = model.Id,
            // The name alone: folders of the machine are nobody's business.
            ["model_path"] = Path.GetFileName(model.Model.File.Name),
            ["modalities"] = new JsonObject { ["vision"] = false, ["audio"] = false, ["video"] = false },
            ["endpoint_slots"] = options.ServesSlots,
            ["endpoint_props"] = false,
            ["endpoint_metrics"] = options.ServesMetrics,
            ["chat_template"] = template?.Source ?? "",
            ["chat_template_caps"] = new JsonObject
            {
                ["supports_tools"] = template?.CanCallTools ?? false,
                ["supports_tool_calls"] = template?.CanCallTools ?? false,
                ["supports_thinking"] = template?.CanThink ?? false,
            },
            ["bos_token"] = Marker(vocabulary, SpecialToken.Bos),
            ["eos_token"] = Marker(vocabulary, SpecialToken.Eos),
            ["build_info"] = ServerVersion.Build,
            ["is_sleeping"] = false,
        };
    }

    /// <summary>Changes it: nothing can be changed.</summary>
    public static Task SetAsync(HttpContext context) =>
        throw new ApiException(new ApiError(
            StatusCodes.Status501NotImplemented, ErrorKind.NotSupported, "No property of the server can be changed while it runs. Set it at the start."));

    private static ChatTemplate? Template(ServedModel model)
    {
        try
        {
            return model.Chat.Template;
        }
        catch (ApiException)
        {
            return null;
        }
    }

    // An encoder has no engine.
    private static int ContextLength(ServedModel model)
    {
        try
        {
            return model.Engine.SequenceLength;
        }
        catch (ApiException)
        {
            return model.Model.TrainedContextLength ?? 0;
        }
    }

    private static string Marker(Vocabulary vocabulary, SpecialToken role) => vocabulary[role] is { } id ? vocabulary.Text(id) : "";
}
