using System.Text;
using System.Text.Json.Nodes;
using ArchGen.Runtime.Generation;
using ArchGen.Runtime.Scheduling;
using ArchGen.Server.Generation;
using ArchGen.Server.LlamaCpp.Slots;
using ArchGen.Server.Models;

namespace ArchGen.Server.LlamaCpp.Completions;

/// <summary>One answer as it is generated, in llama.cpp's form.</summary>
internal sealed class CompletionAnswer
{
    private readonly CompletionRequest _request;
    private readonly ServedModel _model;
    private readonly SlotUse _slot;
    private readonly ProbabilityJson _probabilities;
    private readonly int[] _prompt;
    private readonly int _index;
    private readonly bool _isCut;
    private readonly StringBuilder _text = new();
    private readonly List<int> _unsent = [];
    private JsonArray _unsentProbabilities = [];
    private GenerationEvent _last;
    private bool _isTooLong;

    /// <summary>Begins an answer.</summary>
    /// <param name="request">The request.</param>
    /// <param name="model">The model.</param>
    /// <param name="slot">The slot.</param>
    /// <param name="prompt">The tokens of the prompt.</param>
    /// <param name="index">The number of the answer.</param>
    /// <param name="isCut">Whether it ends where the context is full, and not where the request says.</param>
    public CompletionAnswer(CompletionRequest request, ServedModel model, SlotUse slot, int[] prompt, int index, bool isCut)
    {
        (_request, _model, _slot, _prompt, _index, _isCut) = (request, model, slot, prompt, index, isCut);
        _probabilities = new ProbabilityJson(model.Model.Tokenizer, request.Sampling.ProbabilitiesAfterSampling);
    }

    /// <summary>Whether it has ended.</summary>
    public bool IsEnded => _last.Reason != StopReason.None || _isTooLong;

    /// <summary>Takes the next event.</summary>
    public void Add(in GenerationEvent next)
    {
        _last = next;
        if (next.Token >= 0) _unsent.Add(next.Token);
        _slot.Add(next);
        _text.Append(next.Text);
        if (next.Probabilities is { } probabilities) _unsentProbabilities.Add((JsonNode)_probabilities.Of(probabilities));
        _isTooLong = _request.TimeLimit > TimeSpan.Zero && next.Times.Generation > _request.TimeLimit && HasNewLine;
    }

    /// <summary>What a stream sends now; null for nothing, while a character is not whole or a stop text may come.</summary>
    public JsonObject? Next()
    {
        if (_last.ComputedPromptTokens is null && _last.Text.Length == 0) return null;
        var json = new JsonObject
        {
            ["index"] = _index,
            ["content"] = _last.Text,
            ["tokens"] = Numbers(_unsent),
            ["stop"] = false,
            ["id_slot"] = _slot.Id,
            ["tokens_predicted"] = _last.Usage.GeneratedTokens,
            ["tokens_evaluated"] = _prompt.Length,
        };
        if (_request.HasTimingsPerToken) json["timings"] = TimingsJson.Of(_last.Usage, _last.Times);
        if (_last.ComputedPromptTokens is { } computed) json["prompt_progress"] = TimingsJson.Progress(_last, computed);
        if (_unsentProbabilities.Count > 0) json["completion_probabilities"] = _unsentProbabilities;
        _unsent.Clear();
        _unsentProbabilities = [];
        return json;
    }

    /// <summary>The answer as a whole; in a stream without what was sent before.</summary>
    public JsonObject Final()
    {
        var json = new JsonObject
        {
            ["index"] = _index,
            ["content"] = _request.IsStream ? "" : _text.ToString(),
            ["tokens"] = _request.IsStream ? Numbers(_unsent) : _request.ReturnsTokens ? Numbers(_slot.Tokens) : new JsonArray(),
            ["id_slot"] = _slot.Id,
            ["stop"] = true,
            ["model"] = _model.Id,
            ["tokens_predicted"] = _last.Usage.GeneratedTokens,
            ["tokens_evaluated"] = _prompt.Length,
            ["generation_settings"] = SettingsJson.Of(_request, _model),
            ["prompt"] = _model.Model.Tokenizer.Decode(_prompt, special: true),
            ["has_new_line"] = HasNewLine,
            ["truncated"] = _last.Reason == StopReason.ContextFull || (_isCut && _last.Reason == StopReason.TokenLimit) || IsShifted,
            ["stop_type"] = StopType,
            ["stopping_word"] = _last.StopText ?? "",
            ["tokens_cached"] = _prompt.Length + Math.Max(_last.Usage.GeneratedTokens - 1, 0),
            ["timings"] = TimingsJson.Of(_last.Usage, _last.Times),
        };
        if (_unsentProbabilities.Count > 0) json["completion_probabilities"] = _unsentProbabilities;
        return ResponseFields.Pick(json, _request.ResponseFields);
    }

    private bool HasNewLine => _slot.HasNewLine;

    private bool IsShifted => _model.Options.ShiftsContext && _prompt.Length + _last.Usage.GeneratedTokens - 1 > _model.Engine.SequenceLength;

    private string StopType => _last.Reason switch
    {
        StopReason.EndOfGeneration => "eos",
        StopReason.StopText => "word",
        StopReason.None when !_isTooLong => "none",
        _ => "limit",
    };

    private static JsonArray Numbers(IEnumerable<int> tokens) => new([.. tokens.Select(token => (JsonNode)token)]);
}
