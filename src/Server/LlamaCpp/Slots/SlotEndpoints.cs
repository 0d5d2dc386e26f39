using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using ArchGen.Server.Http;
using ArchGen.Server.Models;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ArchGen.Server.LlamaCpp.Slots;

/// <summary><c>/slots</c>: what is being generated, and conversations in files.</summary>
internal static class SlotEndpoints
{
    private const int MaxNameLength = 255;

    /// <summary>Lists the slots.</summary>
    public static async Task ListAsync(HttpContext context)
    {
        if (!Options(context).ServesSlots) throw LlamaCppRequest.NotStarted("/slots", "--slots");
        using var lease = await LlamaCppRequest.AcquireAsync(context).ConfigureAwait(false);
        var slots = Table(context, lease).Slots;
        // Answers of the other APIs have no slot: each counts for a free one.
        var others = lease.Model.Engine.Metrics.RunningAnswers - slots.Sum(slot => slot.Users);
        var list = new JsonArray();
        var free = 0;
        foreach (var slot in slots)
        {
            var isBusy = slot.Users > 0 || others-- > 0;
            if (!isBusy) free++;
            list.Add((JsonNode)Json(slot, isBusy, lease.Model));
        }

        if (free == 0 && context.Request.Query["fail_on_no_slot"].FirstOrDefault() is { Length: > 0 } and not "0")
        {
            throw new ApiException(new ApiError(
                StatusCodes.Status503ServiceUnavailable, ErrorKind.Unavailable, "No slot is free: as many answers are generated as can be at the same time."));
        }

        await ApiEndpoint.WriteAsync(context, list).ConfigureAwait(false);
    }

    /// <summary>Saves the conversation of a slot, restores one, or erases it.</summary>
    public static async Task ChangeAsync(HttpContext context)
    {
        if (Options(context).SlotsFolder is not { } folder) throw LlamaCppRequest.NotStarted("actions of slots", "--slot-save-path");
        if (!int.TryParse((string?)context.Request.RouteValues["id"], NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            throw new RequestException("The slot in the path is no number; expected one such as /slots/0?action=erase.");
        using var lease = await LlamaCppRequest.AcquireAsync(context).ConfigureAwait(false);
        var table = Table(context, lease);
        var slot = table[id];
        var start = Stopwatch.GetTimestamp();
        var answer = context.Request.Query["action"].FirstOrDefault() switch
        {
            "save" => await SaveAsync(slot, lease.Model, await FileAsync(context, folder).ConfigureAwait(false)).ConfigureAwait(false),
            "restore" => await RestoreAsync(table, slot, lease.Model, await FileAsync(context, folder).ConfigureAwait(false)).ConfigureAwait(false),
            "erase" => await EraseAsync(table, slot, lease.Model).ConfigureAwait(false),
            var action => throw new RequestException($"The action of the slot is '{action}'; expected save, restore or erase."),
        };
        answer["id_slot"] = id;
        if (answer["timings"] is JsonObject timings) timings[timings.Single().Key] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        await ApiEndpoint.WriteAsync(context, answer).ConfigureAwait(false);
    }

    private static ServerOptions Options(HttpContext context) => context.RequestServices.GetRequiredService<ServerOptions>();

    private static SlotTable Table(HttpContext context, ModelLease lease) => context.RequestServices.GetRequiredService<SlotTables>().Of(lease.Model);

    private static JsonObject Json(Slot slot, bool isBusy, ServedModel model)
    {
        var json = new JsonObject
        {
            ["id"] = slot.Id,
            ["n_ctx"] = model.Engine.SequenceLength,
            ["speculative"] = false,
            ["is_processing"] = isBusy,
        };
        if (slot.Current is not { } use) return json;
        json["id_task"] = use.Task;
        (json["params"], json["next_token"]) = use.Json();
        return json;
    }

    private static async Task<JsonObject> SaveAsync(Slot slot, ServedModel model, string path)
    {
        if (slot.Tokens.Length == 0) throw new RequestException($"Slot {slot.Id} has no conversation to save.");
        var saved = await model.Engine.SaveAsync(slot.Tokens, path, model.Adapters.DefaultSet).ConfigureAwait(false);
        return new JsonObject
        {
            ["filename"] = Path.GetFileName(path),
            ["n_saved"] = saved,
            ["n_written"] = new FileInfo(path).Length,
            ["timings"] = new JsonObject { ["save_ms"] = 0 },
        };
    }

    private static async Task<JsonObject> RestoreAsync(SlotTable table, Slot slot, ServedModel model, string path)
    {
        if (!File.Exists(path)) throw new RequestException($"There is no saved conversation {Path.GetFileName(path)}.");
        int[] tokens;
        try
        {
            tokens = await model.Engine.RestoreAsync(path, model.Adapters.DefaultSet).ConfigureAwait(false);
        }
        catch (ModelFileException error)
        {
            throw new RequestException($"{Path.GetFileName(path)} cannot be restored: it is damaged, or of another model.", error);
        }

        table.Set(slot, tokens);
        return new JsonObject
        {
            ["filename"] = Path.GetFileName(path),
            ["n_restored"] = tokens.Length,
            ["n_read"] = new FileInfo(path).Length,
            ["timings"] = new JsonObject { ["restore_ms"] = 0 },
        };
    }

    private static async Task<JsonObject> EraseAsync(SlotTable table, Slot slot, ServedModel model)
    {
        var tokens = slot.Tokens;
        table.Set(slot, []);
        if (tokens.Length > 0) await model.Engine.ForgetAsync(tokens, model.Adapters.DefaultSet).ConfigureAwait(false);
        return new JsonObject { ["n_erased"] = tokens.Length };
    }

    // A name of a client must not lead out of the folder.
    private static async Task<string> FileAsync(HttpContext context, string folder)
    {
        using var body = await ApiEndpoint.ReadObjectAsync(context).ConfigureAwait(false);
        var name = new JsonFields(body.RootElement).RequiredText("filename");
        if (name.Length is 0 or > MaxNameLength || name.Trim() != name || name[0] == '.' || name.EndsWith('.') || !name.All(IsAllowed))
        {
            throw new RequestException(
                "'filename' is no name of a file: it may have letters, digits, '-', '_', '.' and spaces, and does not begin or end with '.'.");
        }

        return Path.Combine(folder, name);
    }

    private static bool IsAllowed(char c) => char.IsLetterOrDigit(c) || c is '-' or '_' or '.' or ' ';
}
