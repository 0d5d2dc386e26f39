using ArchGen.Runtime.Adapters;
using ArchGen.Runtime.Generation;
using ArchGen.Runtime.Scheduling;

namespace ArchGen.Server.Models;

/// <summary>
/// The adapters of a served model, each of which is on or off for a request. The engine has a set for each combination; 0 is the one that the server was
/// started with.
/// </summary>
internal sealed class ServedAdapters
{
    private const int MaxAdapters = 4;

    private readonly ServedModelOptions _options;
    private readonly int _initial;
    private List<LoraAdapter> _open = [];
    private volatile int _default;

    /// <summary>Lets the model's file and engine be opened with the adapters.</summary>
    /// <exception cref="RequestException">There are too many.</exception>
    public ServedAdapters(ServedModelOptions options)
    {
        _options = options;
        if (options.Adapters.Count > MaxAdapters)
        {
            throw new RequestException(
                $"There are {options.Adapters.Count} adapters of a model; expected at most {MaxAdapters}. Merge some with 'archgen merge-lora'.");
        }

        _initial = _default = options.AppliesAdapters ? All : 0;
        if (options.Adapters.Count == 0) return;
        var (open, engine, path, architectures) = (options.Model.Open, options.Model.Engine, options.Model.ModelPath, options.Model.Architectures);
        options.Model.Open = () => OpenWith(open?.Invoke() ?? LoadedModel.Open(path, architectures));
        options.Model.Engine = sizes => AddTo(engine(sizes));
    }

    /// <summary>The adapters.</summary>
    public IReadOnlyList<ServedAdapter> List => [.. _options.Adapters];

    /// <summary>Which of them are on for requests that say nothing: a bit for each.</summary>
    public int Default
    {
        get => _default;
        set => _default = value;
    }

    /// <summary>The engine's set for requests that say nothing.</summary>
    public int DefaultSet => SetOf(_default);

    private int All => (1 << _options.Adapters.Count) - 1;

    /// <summary>The engine's set of a combination.</summary>
    public int SetOf(int combination) => combination == _initial ? 0 : combination < _initial ? combination + 1 : combination;

    /// <summary>The combination of an engine's set.</summary>
    public int CombinationOf(int set) => set == 0 ? _initial : set <= _initial ? set - 1 : set;

    private LoadedModel OpenWith(LoadedModel model)
    {
        try
        {
            // The engine that used those of an earlier opening has been closed with its model.
            foreach (var adapter in _open) adapter.Dispose();
            _open = [];
            foreach (var adapter in _options.Adapters) _open.Add(LoraAdapter.Open(adapter.Path, adapter.Scale, model));
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    private EngineOptions AddTo(EngineOptions options)
    {
        var sets = new IReadOnlyList<LoraAdapter>[All];
        for (var combination = 0; combination <= All; combination++)
        {
            if (combination != _initial) sets[SetOf(combination) - 1] = Chosen(combination);
        }

        return options with { Adapters = Chosen(_initial), AdapterSets = sets };
    }

    private List<LoraAdapter> Chosen(int combination) => [.. _open.Where((_, i) => (combination >> i & 1) != 0)];
}
