using System.Text.Json.Nodes;
using ArchGen.Server.Http;
using ArchGen.Server.Models;

namespace ArchGen.Server.Generation;

/// <summary>Reads and writes which adapters are on: llama.cpp's list of ids and scales.</summary>
internal static class AdapterFields
{
    /// <summary>The engine's set of adapters for a request: those of <c>lora</c>, or of the server's default.</summary>
    /// <exception cref="RequestException">There is no such adapter, or it cannot have this scale.</exception>
    public static int Read(in JsonFields fields, ServedModel model) =>
        fields.Objects("lora") is { } adapters ? model.Adapters.SetOf(Combination(adapters, model)) : model.Adapters.DefaultSet;

    /// <summary>Which adapters a list has on: a bit for each. Those that it does not have are off.</summary>
    /// <exception cref="RequestException">There is no such adapter, or it cannot have this scale.</exception>
    public static int Combination(IReadOnlyList<JsonFields> adapters, ServedModel model)
    {
        var list = model.Adapters.List;
        var combination = 0;
        foreach (var adapter in adapters)
        {
            var id = adapter.Whole("id") ?? throw adapter.Missing("id", "the number of an adapter");
            var scale = adapter.Number("scale") ?? throw adapter.Missing("scale", "a number");
            if ((uint)id >= (uint)list.Count)
                throw new RequestException($"'{adapter.At("id")}' is {id}; the server was started with {list.Count} adapters, whose numbers begin with 0.");
            if (scale == 0) continue;
            if (scale != list[id].Scale)
            {
                throw new RequestException(FormattableString.Invariant(
                    $"'{adapter.At("scale")}' is {scale}; adapter {id} can have 0 or {list[id].Scale}. Start the server with another."));
            }

            combination |= 1 << id;
        }

        return combination;
    }

    /// <summary>The ids and scales of an engine's set.</summary>
    public static JsonArray Json(int set, ServedModel model)
    {
        var combination = model.Adapters.CombinationOf(set);
        return new JsonArray([.. model.Adapters.List.Select((adapter, id) => new JsonObject
        {
            ["id"] = id,
            ["scale"] = (combination >> id & 1) != 0 ? adapter.Scale : 0,
        })]);
    }
}
