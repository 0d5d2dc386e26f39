using System.Text.Json.Nodes;
using ArchGen.Runtime.Generation;
using ArchGen.Runtime.Scheduling;
using ArchGen.Server.LlamaCpp.Completions;
using ArchGen.Server.Models;

namespace ArchGen.Server.LlamaCpp.Slots;

/// <summary>The use of a slot by an answer.</summary>
internal sealed class SlotUse : IDisposable
{
    private readonly SlotTable _table;
    private readonly Slot _slot;
    private readonly int[] _prompt;
    private readonly CompletionRequest _request;
    private readonly ServedModel _model;
    private readonly List<int> _tokens = [];
    private bool _isReleased;

    /// <summary>Begins to use a slot.</summary>
    public SlotUse(SlotTable table, Slot slot, int[] prompt, CompletionRequest request, ServedModel model) =>
        (_table, _slot, _prompt, _request, _model) = (table, slot, prompt, request, model);

    /// <summary>The number of the slot.</summary>
    public int Id => _slot.Id;

    /// <summary>The number of the answer.</summary>
    public long Task { get; init; }

    /// <summary>Tokens of the prompt that the slot has; null if the request names no slot, and all that is cached may be used.</summary>
    public int? MaxCachedTokens { get; init; }

    /// <summary>Whether the answer has the end of a line.</summary>
    public bool HasNewLine { get; private set; }

    /// <summary>The tokens of the answer so far.</summary>
    public int[] Tokens
    {
        get
        {
            lock (_tokens) return [.. _tokens];
        }
    }

    /// <summary>Takes the next event of the answer.</summary>
    public void Add(in GenerationEvent next)
    {
        HasNewLine |= next.Text.Contains('\n');
        if (next.Token < 0) return;
        lock (_tokens) _tokens.Add(next.Token);
    }

    /// <summary>How the answer is generated, and how far it is.</summary>
    public (JsonObject Settings, JsonObject NextToken) Json()
    {
        var count = Tokens.Length;
        var settings = SettingsJson.Of(_request, _model);
        // llama.cpp leaves these out, too: they may be long, or are no one else's business.
        foreach (var name in (string[])["stop", "grammar", "grammar_lazy", "logit_bias", "dry_sequence_breakers"]) settings.Remove(name);
        return (settings, new JsonObject
        {
            ["has_next_token"] = !_isReleased,
            ["has_new_line"] = HasNewLine,
            ["n_remain"] = _request.MaxTokens < 0 ? -1 : _request.MaxTokens - count,
            ["n_decoded"] = count,
        });
    }

    /// <summary>Ends the use: the slot has the conversation, but for the last token, which was chosen and not computed.</summary>
    public void Dispose()
    {
        if (_isReleased) return;
        _isReleased = true;
        _table.Release(_slot, _request.Generation.UsesCache ? [.. _prompt, .. Tokens.SkipLast(1)] : []);
    }
}
