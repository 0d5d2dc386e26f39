using System.CommandLine;
using ArchGen.CommandLine.Options;
using ArchGen.Runtime.Cache;
using ArchGen.Runtime.Scheduling;
using ArchGen.Runtime.Speculation;
using ArchGen.Server;

namespace ArchGen.CommandLine.Serving;

/// <summary>The options of the engine's sizes: contexts, answers at the same time, batches, the cache.</summary>
internal sealed class EngineFlags
{
    private readonly Option<int?> _context = new Option<int?>("--ctx-size", "-c")
    {
        Description = "Tokens of prompt and answer together at most; with --parallel each answer gets its part of them, unless --kv-unified is given. "
            + "Default, or 0: what the model was trained for, at most 4096.",
    }.Within(0, int.MaxValue);

    private readonly Option<int?> _parallel = new Option<int?>("--parallel", "-np")
    {
        Description = "Answers that are computed at the same time; others wait. Default 8, each with the whole of --ctx-size.",
    }.Within(1, 256, "for the default");

    private readonly Option<bool> _unified = new("--kv-unified", "-kvu") { Description = "Each of the parallel answers may have the whole of --ctx-size." };
    private readonly Option<bool> _divided = new("--no-kv-unified", "-no-kvu") { Description = "Parallel answers divide --ctx-size." };

    private readonly Option<int> _batch = new Option<int>("--batch-size", "-b")
    {
        Description = "Tokens that one step computes at most.", DefaultValueFactory = _ => new EngineOptions().MaxBatch,
    }.Within(1, int.MaxValue);

    private readonly Option<int?> _microBatch =
        new Option<int?>("--ubatch-size", "-ub") { Description = "The same; the smaller of both counts." }.Within(1, int.MaxValue);

    private readonly Option<bool> _shifts = new("--context-shift")
    {
        Description = "A continuation (/completion, /infill) whose context is full goes on without half of its tokens; otherwise it ends.",
    };

    private readonly Option<bool> _keepsContext = new("--no-context-shift") { Description = "The opposite, which is the default." };
    private readonly Option<string> _cache = ModelOptions.CacheTypeOption(CacheType.F16);
    private readonly Option<string?> _keys = CachePart("--cache-type-k", "-ctk", "keys");
    private readonly Option<string?> _values = CachePart("--cache-type-v", "-ctv", "values");

    private readonly Option<int> _checkpoints = new Option<int>("--ctx-checkpoints", "-ctxcp", "--swa-checkpoints")
    {
        Description = "States of recurrent models that are saved, to go on with a conversation.", DefaultValueFactory = _ => new EngineOptions().MaxCheckpoints,
    }.Within(0, int.MaxValue);

    private readonly Option<int> _queue = new Option<int>("--max-queue")
    {
        Description = "Answers that may wait; a further request gets status 429.", DefaultValueFactory = _ => new EngineOptions().MaxQueuedAnswers,
    }.Within(0, int.MaxValue);

    private readonly Option<string?> _drafts = new("--spec-type")
    {
        Description = "Drafts of the next tokens while one answer runs alone: none, or from its own text by any of ngram's names. They change no answer.",
        HelpName = "TYPE",
    };

    private readonly Option<string?> _draftModel = new("--model-draft", "-md", "--spec-draft-model")
    {
        Description = "A smaller model with the same vocabulary, which drafts while one answer runs alone.", HelpName = "FILE",
    };

    private readonly Option<int> _maxDraft = new Option<int>("--spec-draft-n-max")
    {
        Description = "Tokens of a draft at most.", DefaultValueFactory = _ => new SpeculationOptions().MaxDraft,
    }.Within(1, 1024);

    private readonly Option<int> _minDraft =
        new Option<int>("--spec-draft-n-min") { Description = "Tokens of a draft at least; a shorter one is left out." }.Within(0, 1024);

    /// <summary>The options.</summary>
    public IEnumerable<Symbol> All =>
    [
        _context, _parallel, _unified, _divided, _batch, _microBatch, _shifts, _keepsContext, _cache, _keys, _values, _checkpoints, _queue, _drafts,
        _draftModel, _maxDraft, _minDraft,
    ];

    /// <summary>Sets the sizes of a model's engine.</summary>
    /// <exception cref="RequestException">Two options contradict each other.</exception>
    public void Apply(ParseResult parsed, ServedModelOptions model)
    {
        var context = parsed.GetValue(_context) is > 0 and var size ? size : (int?)null;
        var parallel = parsed.GetValue(_parallel) is > 0 and var count ? count : (int?)null;
        if (parsed.GetValue(_unified) && parsed.GetValue(_divided)) throw new RequestException("--kv-unified and --no-kv-unified exclude each other.");
        if (parallel is not null) model.Model.MaxConcurrentAnswers = parallel.Value;
        var isDivided = parsed.GetValue(_divided) || (parallel is not null && !parsed.GetValue(_unified));
        var length = context is not null && isDivided ? Math.Max(context.Value / model.Model.MaxConcurrentAnswers, 1) : context;
        model.Model.ContextLength = length;
        model.Model.DraftModelPath = parsed.GetValue(_draftModel);
        model.ShiftsContext = parsed.GetValue(_shifts) && !parsed.GetValue(_keepsContext);
        var cache = Cache(parsed);
        var speculation = Speculation(parsed);
        var batch = Math.Min(parsed.GetValue(_batch), parsed.GetValue(_microBatch) ?? int.MaxValue);
        var (checkpoints, queue) = (parsed.GetValue(_checkpoints), parsed.GetValue(_queue));
        model.Model.Engine = options => options with
        {
            CacheType = cache, MaxBatch = batch, MaxPromptTokensBesideDecode = Math.Min(batch, options.MaxPromptTokensBesideDecode),
            MaxCheckpoints = checkpoints, MaxQueuedAnswers = queue, Speculation = speculation,
        };
    }

    private static Option<string?> CachePart(string name, string alias, string what)
    {
        var option = new Option<string?>(name, alias) { Description = $"As --cache-type, which {what} share with the others." };
        return option.OneOf("f32", "f16", "q8_0");
    }

    private CacheType Cache(ParseResult parsed)
    {
        var (keys, values) = (parsed.GetValue(_keys), parsed.GetValue(_values));
        if (keys is not null && values is not null && keys != values)
            throw new RequestException($"-ctk {keys} and -ctv {values}: keys and values have one type here. Give both the same.");
        return ModelOptions.ParseCacheType(keys ?? values ?? parsed.GetValue(_cache)!);
    }

    private SpeculationOptions Speculation(ParseResult parsed)
    {
        var types = (parsed.GetValue(_drafts) ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (Array.Find(types, type => type is not "none" && !Begins(type, "draft") && !Begins(type, "ngram")) is { } bad)
            throw new RequestException($"--spec-type is '{bad}', expected none, ngram, or one of llama.cpp's names that begin with ngram- or draft-.");
        return new SpeculationOptions
        {
            Type = Array.Exists(types, type => Begins(type, "ngram")) ? SpeculationType.NGram
                : types.Length == 0 ? SpeculationType.Automatic : SpeculationType.None,
            MaxDraft = parsed.GetValue(_maxDraft),
            MinDraft = parsed.GetValue(_minDraft),
        };
    }

    private static bool Begins(string type, string name) => type.StartsWith(name, StringComparison.Ordinal);
}
