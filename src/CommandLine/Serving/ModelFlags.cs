using System.CommandLine;
using ArchGen.CommandLine.Options;
using ArchGen.Runtime.Embeddings;
using ArchGen.Server;

namespace ArchGen.CommandLine.Serving;

/// <summary>The options of which models are served, and under which names.</summary>
internal sealed class ModelFlags
{
    private readonly Option<string?> _alias = new("--alias", "-a")
    {
        Description = "Names of the model in requests, with commas between them; in the order of the alphabet the first is the one in answers. "
            + "Default: the file's name.",
        HelpName = "NAME,...",
    };

    private readonly Option<string?> _tags = new("--tags")
    {
        Description = "Words that describe the model in lists, with commas between them.", HelpName = "TAG,...",
    };

    private readonly Option<int?> _limit = new Option<int?>("--n-predict", "-n", "--predict")
    {
        Description = "Tokens of an answer at most, for requests that do not say it.",
    }.Within(0, int.MaxValue, "for as many as the context holds");

    private readonly Option<string?> _pooling = new Option<string?>("--pooling")
    {
        Description = "How the rows of a text become its embedding. Default: what the file says.",
    }.OneOf("none", "mean", "cls", "last", "rank");

    private readonly Option<int> _norm = new Option<int>("--embd-normalize")
    {
        Description = "Whether embeddings are divided by their norm: 2 for yes, -1 for no.", DefaultValueFactory = _ => 2,
    }.Within(2, 2, "for no");

    private readonly Option<string[]> _lora = LoraOption.Create();
    private readonly Option<string[]> _scaled = new("--lora-scaled")
    {
        Description = "As --lora, with the scale after a colon.", HelpName = "ADAPTER:SCALE,...",
    };

    private readonly Option<bool> _unapplied = new("--lora-init-without-apply") { Description = "Adapters are off for requests that do not name them." };
    private readonly Option<string?> _folder = new("--models-dir") { Description = "A folder whose GGUF files are served, too.", HelpName = "FOLDER" };
    private readonly Option<int> _most = new Option<int>("--models-max")
    {
        Description = "Models that are open at the same time; 0 for any number.", DefaultValueFactory = _ => 4,
    }.Within(0, int.MaxValue);

    private readonly Option<string?> _memory = new("--models-memory")
    {
        Description = "Bytes that open models may take together, such as 24G.", HelpName = "SIZE",
    };

    private readonly Option<bool> _noAutoload = new("--no-models-autoload") { Description = "Requests open no model; POST /models/load does." };
    private readonly Option<bool> _autoload = new("--models-autoload") { Description = "A request opens the model that it names, which is the default." };

    private readonly Option<int?> _sleep = new Option<int?>("--sleep-idle-seconds", "--keep-alive")
    {
        Description = "Seconds after which a model that is not used is closed; the next request opens it again. Default: never for one model, 300 for several.",
    }.Within(1, int.MaxValue, "for never");

    /// <summary>The options.</summary>
    public IEnumerable<Symbol> All =>
    [
        _alias, _tags, _limit, _pooling, _norm, _lora, _scaled, _unapplied, _folder, _most, _memory, _noAutoload, _autoload, _sleep,
    ];

    /// <summary>Whether a folder of models is served.</summary>
    public bool HasFolder(ParseResult parsed) => parsed.GetValue(_folder) is not null;

    /// <summary>Sets the options of all models.</summary>
    /// <exception cref="RequestException">The folder is none.</exception>
    public void Apply(ParseResult parsed, ServerOptions options)
    {
        if (parsed.GetValue(_folder) is { } folder)
        {
            if (!Directory.Exists(folder)) throw new RequestException($"--models-dir {folder}: there is no such folder.");
            options.ModelsFolder = Path.GetFullPath(folder);
        }

        options.MaxLoadedModels = parsed.GetValue(_most);
        options.MaxModelBytes = ByteSize.Parse(parsed.GetValue(_memory), "--models-memory");
        options.LoadsOnDemand = !parsed.GetValue(_noAutoload);
        if (parsed.GetValue(_sleep) is { } seconds) options.KeepAlive = seconds < 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(seconds);
    }

    /// <summary>Sets the options of one model that hold of every model.</summary>
    public void ApplyToEach(ParseResult parsed, ServedModelOptions model)
    {
        model.MaxTokens = parsed.GetValue(_limit) is { } limit and >= 0 ? limit : null;
        var isNormalized = parsed.GetValue(_norm) == 2;
        var pooling = parsed.GetValue(_pooling) is { } name ? Enum.Parse<Pooling>(name, ignoreCase: true) : (Pooling?)null;
        if (pooling is null && isNormalized) return;
        model.Model.Embeddings = new EmbeddingOptions { Pooling = pooling, Normalize = isNormalized && pooling != Pooling.None };
    }

    /// <summary>Sets the names and adapters of the model that was named.</summary>
    public void ApplyToNamed(ParseResult parsed, ServedModelOptions model)
    {
        foreach (var alias in Split(parsed.GetValue(_alias))) model.Aliases.Add(alias);
        if (model.Aliases.Count > 0) model.Model.ModelId = model.Aliases.Order(StringComparer.Ordinal).First();
        foreach (var tag in Split(parsed.GetValue(_tags))) model.Tags.Add(tag);
        foreach (var text in (parsed.GetValue(_lora) ?? []).Concat(parsed.GetValue(_scaled) ?? []).SelectMany(Split))
        {
            var (path, scale) = LoraOption.Parse(text);
            model.Adapters.Add(new ServedAdapter(path, scale));
        }

        model.AppliesAdapters = !parsed.GetValue(_unapplied);
    }

    private static string[] Split(string? list) => (list ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
