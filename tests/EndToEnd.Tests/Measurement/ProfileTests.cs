using ArchGen.Architectures;
using ArchGen.Cpu.Execution;
using ArchGen.Fixtures;
using ArchGen.Gguf;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Generation;
using ArchGen.Tools.Measurement;

namespace ArchGen.EndToEnd.Tests.Measurement;

/// <summary>The profile of a model accounts for its time and its bytes.</summary>
public sealed class ProfileTests
{
    [Theory]
    [InlineData(128)]
    [InlineData(1)]
    public void Every_step_of_a_run_is_in_the_profile_once(int atOnce)
    {
        using var model = LoadedModel.Open(SharedFixtures.Local("models/stories260K.gguf"), Catalog.All);
        using var context = model.CreateContext(new ContextOptions { ContextLength = 512, MaxSequences = 1, Backend = new CpuBackend { Threads = 1 } });
        var profiler = context.Profiler = new Profiler();
        Evaluate(context, 128, atOnce);
        context.RemoveSequence(0);
        profiler.Reset();
        Evaluate(context, 128, atOnce);
        var profile = profiler.Result();

        // Of each kind a whole number of steps in each of the runs, of attention one for each of 5 layers.
        var runs = 128 / atOnce;
        Assert.All(profile.Rows, r => Assert.Equal(0, r.Calls % runs));
        Assert.Equal(5 * runs, profile.Rows.Single(r => r.Kind == "attention").Calls);

        // A multiplication and an addition for each weight of a matrix and each token, and two operations for each element of the gate, which is applied
        // with its product. What follows the attention of the last block is computed for the last token of a batch alone.
        var matrices = model.File.Tensors.Where(t => t.Dimensions.Length == 2 && t.Name != "token_embd.weight").ToLookup(t => IsOfLastToken(t.Name));
        var products = profile.Rows.Where(r => r.Kind.StartsWith("matmul", StringComparison.Ordinal)).Sum(r => r.Flops);
        Assert.Equal((128 * matrices[false].Sum(Flops)) + (runs * matrices[true].Sum(Flops)), products);

        // The parts of a time are no longer than the whole.
        Assert.InRange(profile.Rows.Sum(r => r.Seconds), 0, profile.WallSeconds);
        Assert.All(profile.Rows, r => Assert.InRange(r.WaitSeconds, 0, r.Seconds));
        Assert.All(profile.Rows, r => Assert.True(r.Seconds > 0, $"{r.Kind} took no time"));
    }

    private static bool IsOfLastToken(string matrix) =>
        matrix is "output.weight" or "blk.4.attn_output.weight" or "blk.4.ffn_gate.weight" or "blk.4.ffn_up.weight" or "blk.4.ffn_down.weight";

    private static double Flops(GgufTensor matrix) =>
        2.0 * (matrix.ElementCount + (matrix.Name.EndsWith("ffn_gate.weight", StringComparison.Ordinal) ? matrix.Dimensions[1] : 0));

    [Fact]
    public void A_token_reads_the_file_once()
    {
        using var model = LoadedModel.Open(SharedFixtures.Local("models/stories260K.gguf"), Catalog.All);
        using var context = model.CreateContext(new ContextOptions { ContextLength = 64, MaxSequences = 1, Backend = new CpuBackend { Threads = 2 } });
        Evaluate(context, 9, 9);
        var profiler = context.Profiler = new Profiler();
        Evaluate(context, 1, 1);

        // The table of tokens is read for one row, and as a whole where it is the output matrix, too.
        var table = model.File.Tensors.Single(t => t.Name == "token_embd.weight");
        var isTied = !model.File.TryGetTensor("output.weight", out _);
        var weights = model.File.Tensors.Sum(t => t.ByteLength) - (isTied ? 0 : table.ByteLength) + (table.ByteLength / model.Model.Vocab);
        var keys = profiler.Result().Rows.Single(r => r.Kind == "attention").Bytes;
        Assert.Equal(weights, profiler.Result().Total.Bytes - keys);

        // Ten positions of halves: 5 layers of 4 heads of 8 elements, keys and values.
        Assert.Equal(10 * 5 * 4 * 8 * 2 * 2, keys);
    }

    [Fact]
    public void The_limits_of_the_machine_say_which_bounds_a_step()
    {
        var limits = MachineLimits.Measure(1);
        Assert.True(double.IsFinite(limits.BytesPerSecond) && limits.BytesPerSecond > 0, $"{limits.BytesPerSecond:E2} bytes/s");
        Assert.True(double.IsFinite(limits.FlopsPerSecond) && limits.FlopsPerSecond > 0, $"{limits.FlopsPerSecond:E2} operations/s");
        Assert.Contains(limits.VectorBits, (int[])[128, 256, 512]);
        var row = new ProfileRow("x", 1, 1, 0, 2 * limits.BytesPerSecond, limits.FlopsPerSecond);
        Assert.Equal(2, limits.MinSeconds(row), 1e-9);
        Assert.True(limits.IsMemoryBound(row));
        Assert.False(limits.IsMemoryBound(row with { Flops = 3 * limits.FlopsPerSecond }));
    }

    /// <summary>Red if a backend's own products are not what its limits are measured by: both products of the same matrix.</summary>
    [Fact]
    public void The_limits_of_a_backend_are_those_of_its_products()
    {
        var limits = MachineLimits.Measure(new CpuBackend { Threads = 1 });
        Assert.Equal("cpu", limits.Device);
        Assert.True(double.IsFinite(limits.BytesPerSecond) && limits.BytesPerSecond > 0, $"{limits.BytesPerSecond:E2} bytes/s");
        // One row does two operations for the two bytes of a weight; many rows do more of them.
        Assert.True(limits.FlopsPerSecond > limits.BytesPerSecond, $"{limits.FlopsPerSecond:E2} operations/s, {limits.BytesPerSecond:E2} bytes/s");
    }

    private static void Evaluate(InferenceContext context, int tokens, int atOnce)
    {
        var batch = new Batch();
        for (var i = 0; i < tokens; i += atOnce)
        {
            batch.Clear();
            for (var j = 0; j < atOnce; j++) batch.Add((i + j) % 500, context.NextPosition(0) + j, 0, wantOutput: j == atOnce - 1);
            context.Evaluate(batch);
        }
    }
}
