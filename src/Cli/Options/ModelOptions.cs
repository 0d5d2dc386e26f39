using System.CommandLine;
using ArchGen.Architectures;
using ArchGen.Cpu.Execution;
using ArchGen.Cpu.Kernels;
using ArchGen.Cpu.Threading;
using ArchGen.Gguf;
using ArchGen.Runtime.Cache;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Generation;
using ArchGen.Runtime.Loading;

namespace ArchGen.Cli.Options;

/// <summary>The arguments that commands share: the model, and how it runs.</summary>
internal static class ModelOptions
{
    private const string DefaultModel = "wren-q8_0.gguf";

    private static readonly Dictionary<string, CpuTarget> TierNames = new()
    {
        ["amx"] = new CpuTarget(InstructionSet.Amx, Precision.Int16),
        ["avx512-vnni"] = new CpuTarget(InstructionSet.Avx512Vnni, Precision.Int16),
        ["avx512"] = new CpuTarget(InstructionSet.Avx512, Precision.Exact),
        ["avx2-int16"] = new CpuTarget(InstructionSet.Avx2, Precision.Int16),
        ["avx2"] = new CpuTarget(InstructionSet.Avx2, Precision.Exact),
        ["portable"] = new CpuTarget(InstructionSet.Portable, Precision.Exact),
    };

    public static Option<int> Threads() =>
        new Option<int>("--threads", "-t") { Description = "Threads that compute.", DefaultValueFactory = _ => ProcessorCores.Count }.Within(1, WorkerPool.MostThreads);

    public static Option<int> BatchSize() => new Option<int>("--ubatch", "-b", "--batch-size", "-ub", "--ubatch-size")
    {
        Description = "Tokens that are computed together. A longer prompt goes in parts, short texts several at a time.",
        DefaultValueFactory = _ => 512,
    }.Within(1, int.MaxValue);

    public static Option<string> CacheTypeOption(CacheType otherwise)
    {
        return new Option<string>("--cache-type") { Description = "How keys and values are kept.", DefaultValueFactory = _ => Name(otherwise) }
            .OneOf("f32", "f16", "q8_0");
    }

    public static CacheType ParseCacheType(string name) => name switch { "f32" => CacheType.F32, "q8_0" => CacheType.Q8_0, _ => CacheType.F16 };

    /// <summary>The instruction set: <paramref name="otherwise"/>, "fastest" or "exact", unless given.</summary>
    public static Option<string> Tier(string otherwise)
    {
        return new Option<string>("--tier")
        {
            Description = "The instruction set. \"exact\" is the widest on which weights and activations count as they are; \"fastest\" may round them for prompts.",
            DefaultValueFactory = _ => otherwise,
        }.OneOf(["fastest", "exact", .. TierNames.Keys]);
    }

    /// <exception cref="ArchGenException">This machine does not have it.</exception>
    public static CpuTarget ParseTier(string name)
    {
        if (name == "exact") return CpuTarget.Exact;
        if (!TierNames.TryGetValue(name, out var tier)) return CpuTarget.Fastest;
        return tier.IsSupported ? tier : throw new RequestException($"--tier {name}: this processor does not have it. Leave --tier out to take its fastest.");
    }

    /// <summary>The processor, with the threads and the instruction set of the options.</summary>
    /// <exception cref="ArchGenException">This machine does not have that instruction set.</exception>
    public static CpuBackend Cpu(int threads, string tier) => new() { Threads = threads, Target = ParseTier(tier) };

    /// <summary>The name of an instruction set, as <c>--tier</c> takes it.</summary>
    public static string Name(CpuTarget tier) => TierNames.First(t => t.Value == tier).Key;

    /// <summary>Opens a model file, or the embedded model, and says which of its keys the architecture does not read.</summary>
    /// <param name="path">The file; null for the embedded model.</param>
    /// <param name="terminal">Where it is said, if anywhere.</param>
    public static LoadedModel Load(string? path, Terminal? terminal = null)
    {
        var model = new LoadedModel(Open(path), Catalog.All);
        if (UnreadKeys.Note(model.File.Name, model.UnreadKeys) is { } note) terminal?.Error.WriteLine($"archgen: {note}");
        return model;
    }

    /// <summary>Opens a file without asking what architecture it is of.</summary>
    public static GgufFile Open(string? path)
    {
        if (Directory.Exists(path))
            throw new RequestException($"{path} is a folder, expected a GGUF model. Name a file; 'archgen convert' makes one of a checkpoint.");
        if (path is not null) return GgufFile.Open(path);
        var stream = typeof(ModelOptions).Assembly.GetManifestResourceStream(DefaultModel)
            ?? throw new RequestException("This build has no embedded model. Name a GGUF file.");
        using (stream) return GgufFile.FromStream(stream, DefaultModel);
    }

    /// <summary>What is said where the file of a model or the name of an architecture is expected, and neither is given.</summary>
    public static RequestException NoModelOrArchitecture(string name) =>
        new($"{name} is {(Directory.Exists(name) ? "a folder" : "neither a file nor an architecture")}. {Catalog.All.Suggest(name)}");

    /// <summary>The context that a command has unless told otherwise: what the model was trained for, at most 4096.</summary>
    public static int DefaultContextLength(LoadedModel model) => Math.Min(model.TrainedContextLength ?? 4096, 4096);

    private static string Name(CacheType type) => type switch { CacheType.F32 => "f32", CacheType.Q8_0 => "q8_0", _ => "f16" };
}
