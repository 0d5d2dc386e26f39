using System.CommandLine;
using ArchGen.Cpu.Execution;
using ArchGen.Cpu.Kernels;
using ArchGen.Cpu.Threading;
using ArchGen.Gguf;
using ArchGen.Runtime.Cache;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Generation;

namespace ArchGen.CommandLine.Options;

/// <summary>The options that commands share: the model and its backend.</summary>
internal static class ModelOptions
{
    /// <summary>The tier that may round weights and activations.</summary>
    public const string Fastest = "fastest";

    /// <summary>The tier that rounds nothing.</summary>
    public const string Exact = "exact";

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
        new Option<int>("--threads", "-t") { Description = "Threads that compute.", DefaultValueFactory = _ => ProcessorCores.Count }
            .Within(1, WorkerPool.MaxThreads);

    public static Option<int> BatchSize() => new Option<int>("--ubatch", "-b", "--batch-size", "-ub", "--ubatch-size")
    {
        Description = "Tokens that are computed together. A longer prompt is split, short texts are combined.",
        DefaultValueFactory = _ => 512,
    }.Within(1, int.MaxValue);

    public static Option<string> CacheTypeOption(CacheType defaultType)
    {
        return new Option<string>("--cache-type") { Description = "The type of keys and values in the KV cache.", DefaultValueFactory = _ => Name(defaultType) }
            .OneOf("f32", "f16", "q8_0");
    }

    public static CacheType ParseCacheType(string name) => name switch { "f32" => CacheType.F32, "q8_0" => CacheType.Q8_0, _ => CacheType.F16 };

    /// <summary>The option for instruction set and precision; <paramref name="defaultTier"/> is "fastest" or "exact".</summary>
    public static Option<string> Tier(string defaultTier)
    {
        return new Option<string>("--tier")
        {
            Description = "The instruction set. \"exact\" is the widest on which weights and activations are not rounded; "
                + "\"fastest\" may round them for prompts. A device with matrix units rounds them, too, unless the tier is exact.",
            DefaultValueFactory = _ => defaultTier,
        }.OneOf([Fastest, Exact, .. TierNames.Keys]);
    }

    /// <summary>The tier of a name that <c>--tier</c> takes.</summary>
    /// <exception cref="ArchGenException">This machine does not have the instruction set.</exception>
    public static CpuTarget ParseTier(string name)
    {
        if (name == Exact) return CpuTarget.Exact;
        if (!TierNames.TryGetValue(name, out var tier)) return CpuTarget.Fastest;
        return tier.IsSupported
            ? tier
            : throw new RequestException($"--tier {name}: this processor does not have it. Leave --tier out to take its fastest.");
    }

    /// <summary>Whether weights and activations are not rounded, on any backend.</summary>
    public static bool IsExact(string tier) => tier == Exact || (TierNames.TryGetValue(tier, out var target) && target.IsExact);

    /// <summary>The CPU backend with the threads and the tier of the options.</summary>
    /// <exception cref="ArchGenException">This machine does not have that instruction set.</exception>
    public static CpuBackend Cpu(int threads, string tier) => new() { Threads = threads, Target = ParseTier(tier) };

    /// <summary>The name of a tier, as <c>--tier</c> takes it.</summary>
    public static string Name(CpuTarget tier) => TierNames.First(t => t.Value == tier).Key;

    /// <summary>Opens a GGUF file of any architecture.</summary>
    public static GgufFile Open(string path) => !Directory.Exists(path)
        ? GgufFile.Open(path)
        : throw new RequestException($"{path} is a folder, expected a GGUF model. Name a file; 'archgen convert' makes one of a checkpoint.");

    /// <summary>The default context length in tokens: that of the model's training, at most 4096.</summary>
    public static int DefaultContextLength(LoadedModel model) => Math.Min(model.TrainedContextLength ?? 4096, 4096);

    private static string Name(CacheType type) => type switch { CacheType.F32 => "f32", CacheType.Q8_0 => "q8_0", _ => "f16" };
}
