using ArchGen.Cpu.Kernels;
using ArchGen.Formats;
using ArchGen.Gguf;
using ArchGen.Cpu.Threading;

namespace ArchGen.Benchmarks.Kernels;

/// <summary>Which cases are measured. BenchmarkDotNet filters methods, not parameters, and all parameters together are many.</summary>
internal static class Choice
{
    /// <summary>Types of weights, all that have a kernel unless chosen.</summary>
    public static TensorType[] Types { get; private set; } = [.. TensorTypes.All.Where(type => TensorFormats.Of(type).IsDecodable)];

    /// <summary>Instruction sets, all of this machine unless chosen.</summary>
    public static CpuTarget[] Tiers { get; private set; } = [.. CpuTarget.All.Where(target => target.IsSupported)];

    /// <summary>Tokens of a batch.</summary>
    public static int[] Tokens { get; private set; } = [1, 8, 128];

    /// <summary>Threads that compute.</summary>
    public static int Threads { get; private set; } = ProcessorCores.Count;

    /// <summary>Takes the options of its own from the command line, and returns the others.</summary>
    public static string[] TakeFrom(string[] args)
    {
        var others = new List<string>();
        for (var i = 0; i < args.Length; i++)
        {
            var values = i + 1 < args.Length ? args[i + 1].Split(',') : [];
            switch (args[i])
            {
                case "--types": Types = Array.ConvertAll(values, Type); break;
                case "--tiers": Tiers = Array.ConvertAll(values, Tier); break;
                case "--tokens": Tokens = Array.ConvertAll(values, int.Parse); break;
                case "--threads": Threads = int.Parse(values[0]); break;
                default: others.Add(args[i]); continue;
            }

            i++;
        }

        return [.. others];
    }

    public static TensorType Type(string name) =>
        TensorTypes.TryParse(name, out var type) ? type : throw new ArchGenException($"No tensor type is named {name}.");

    public static CpuTarget Tier(string name) => CpuTarget.All.Single(
        target => NameOf(target).Equals(name.Replace("-", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase));

    // As --tier takes it, without dashes.
    private static string NameOf(CpuTarget target) =>
        target.InstructionSet == InstructionSet.Avx2 && !target.IsExact ? "Avx2Int16" : $"{target.InstructionSet}";
}
