using ArchGen.Architectures;
using ArchGen.Cpu.Execution;
using ArchGen.Cpu.Kernels;
using ArchGen.Formats;
using ArchGen.Gguf;
using ArchGen.Graphs;
using ArchGen.Runtime.Cache;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Loading;
using ArchGen.Tools.Recipes;

namespace ArchGen.EndToEnd.Tests.Quantization;

/// <summary>A whole model in each type of weights, on each instruction set of this machine, against the operations' references.</summary>
public sealed class WeightTypeTests
{
    private const string Altered = "blk.0.ffn_up.weight";

    /// <summary>Tokens at a time, in turn: all, which are many to every kernel; one; a few, of each number that has its own loop.</summary>
    private static readonly int[][] Batches = [[TypedLlama.Tokens.Length], [1], [2, 3, 4]];

    public static TheoryData<TensorType> Types => [.. TensorTypes.All.Where(type => TensorFormats.Of(type).IsDecodable)];

    [Theory]
    [MemberData(nameof(Types))]
    public void A_model_of_one_type_agrees_with_the_reference(TensorType type)
    {
        var bytes = TypedLlama.Write(type);
        using var file = Open(bytes);
        EnlargeFirstBlock(type, bytes.AsSpan((int)file.Tensors.Single(t => t.Name == Altered).Offset));
        using var altered = Open(bytes);
        var model = Catalog.All.Single(a => a.Name == "llama").Create();
        ModelLoader.Load(model, new GgufModelSource(file));
        var expected = model.Evaluate(new GgufModelSource(file), TypedLlama.Tokens).Values;
        var graph = model.BuildGraph();
        foreach (var target in CpuTarget.All.Where(target => target.IsSupported))
        {
            foreach (var batches in Batches)
            {
                var what = $"{type.Name} on {target}, {string.Join(", ", batches)} tokens at a time";
                var error = NormalizedError.Of(expected, Run(graph, file, target, batches));
                Assert.True(error <= Tolerance(target), $"{what}: NMSE {error:E2}");
                error = NormalizedError.Of(expected, Run(graph, altered, target, batches));
                Assert.True(error > Tolerance(target), $"{what}, a block's scale changed: NMSE {error:E2}");
            }
        }
    }

    /// <summary>Where activations are rounded to 16 bits, the design's bound of the default precision.</summary>
    private static double Tolerance(CpuTarget target) => target.IsExact ? 1e-8 : 1e-5;

    private static GgufFile Open(byte[] bytes) => GgufFile.FromStream(new MemoryStream(bytes), "model.gguf");

    private static float[] Run(Graph graph, GgufFile file, CpuTarget target, int[] batches)
    {
        var tokens = TypedLlama.Tokens;
        var options =
            new ContextOptions { ContextLength = tokens.Length, CacheType = CacheType.F32, Backend = new CpuBackend { Threads = 1, Target = target } };
        using var context = new InferenceContext(graph, file, options);
        var rows = new List<float>();
        var batch = new Batch();
        for (int begin = 0, turn = 0; begin < tokens.Length; begin += batch.Count, turn++)
        {
            batch.Clear();
            var end = Math.Min(begin + batches[turn % batches.Length], tokens.Length);
            for (var i = begin; i < end; i++) batch.Add(tokens[i], i, 0, wantOutput: true);
            context.Evaluate(batch);
            for (var i = 0; i < batch.Count; i++) rows.AddRange(context.Output(i));
        }

        return [.. rows];
    }

    /// <summary>Multiplies the first block's scale, or the first number itself, by 16: adds 4 to its exponent.</summary>
    private static void EnlargeFirstBlock(TensorType type, Span<byte> bytes)
    {
        var (place, addend) = type switch
        {
            TensorType.F32 => (3, 0x02),
            TensorType.BF16 => (1, 0x02),
            TensorType.MXFP4 => (0, 0x04),
            TensorType.NVFP4 => (0, 0x20),
            TensorType.IQ1_M => (55, 0x20),
            TensorType.Q2_K => (81, 0x10),
            TensorType.Q3_K => (109, 0x10),
            TensorType.Q6_K => (209, 0x10),
            TensorType.TQ1_0 => (53, 0x10),
            TensorType.TQ2_0 => (65, 0x10),
            _ => (1, 0x10),
        };
        bytes[place] += (byte)addend;
    }
}
