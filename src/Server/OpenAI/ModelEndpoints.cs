using System.Text.Json.Nodes;
using ArchGen.Server.Http;
using ArchGen.Server.Models;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ArchGen.Server.OpenAI;

/// <summary><c>/v1/models</c>: the models that can be named in requests.</summary>
internal static class ModelEndpoints
{
    /// <summary>Lists all models. None is opened for it.</summary>
    public static Task ListAsync(HttpContext context)
    {
        var models = Registry(context).Models;
        return ApiEndpoint.WriteAsync(context, new JsonObject
        {
            ["object"] = "list",
            ["data"] = new JsonArray([.. models.Select(ToJson)]),
            ["models"] = new JsonArray([.. models.Select(ToOllama)]),
        });
    }

    /// <summary>Tells of one model.</summary>
    public static Task GetAsync(HttpContext context)
    {
        var id = (string?)context.Request.RouteValues["id"] ?? "";
        var registry = Registry(context);
        var model = registry.Find(id) ?? throw registry.NotFound(id);
        return ApiEndpoint.WriteAsync(context, ToJson(model));
    }

    private static ModelRegistry Registry(HttpContext context) => context.RequestServices.GetRequiredService<ModelRegistry>();

    private static JsonObject ToJson(ServedModel model) => new()
    {
        ["id"] = model.Id,
        ["object"] = "model",
        ["created"] = model.Created.ToUnixTimeSeconds(),
        ["owned_by"] = "archgen",
        ["aliases"] = new JsonArray([.. model.Options.Aliases]),
        ["tags"] = new JsonArray([.. model.Options.Tags]),
        ["status"] = model.Status(),
        ["meta"] = model.IsOpen ? Meta(model) : null,
    };

    // llama.cpp lists its models in this form, too.
    private static JsonObject ToOllama(ServedModel model) => new()
    {
        ["name"] = model.Id,
        ["model"] = model.Id,
        ["modified_at"] = "",
        ["size"] = "",
        ["digest"] = "",
        ["type"] = "model",
        ["description"] = "",
        ["tags"] = new JsonArray([.. model.Options.Tags]),
        ["capabilities"] = new JsonArray("completion"),
        ["parameters"] = "",
        ["details"] = new JsonObject
        {
            ["parent_model"] = "", ["format"] = "gguf", ["family"] = "", ["families"] = new JsonArray(""), ["parameter_size"] = "", ["quantization_level"] = "",
        },
    };

    private static JsonObject Meta(ServedModel model)
    {
        var file = model.Model.File;
        return new JsonObject
        {
            ["vocab_type"] = VocabularyType(file.Metadata.GetStringOrNull("tokenizer.ggml.model")),
            ["n_vocab"] = model.Model.Model.Vocab,
            ["n_ctx_train"] = model.Model.TrainedContextLength,
            ["n_embd"] = file.Metadata.GetInt32OrNull($"{model.Model.Architecture.Name}.embedding_length"),
            ["n_params"] = file.Tensors.Sum(tensor => tensor.ElementCount),
            ["size"] = file.Tensors.Sum(tensor => tensor.ByteLength),
        };
    }

    // The numbers of llama.cpp's enum llama_vocab_type.
    private static int VocabularyType(string? model) => model switch
    {
        "llama" => 1,
        "gpt2" => 2,
        "bert" => 3,
        "t5" => 4,
        "rwkv" => 5,
        "plamo2" => 6,
        _ => 0,
    };
}
