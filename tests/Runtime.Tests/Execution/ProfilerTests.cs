using ArchGen.Dsl.Tests.Graphs;
using ArchGen.Runtime.Cache;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Tests.Execution.Cases;

namespace ArchGen.Runtime.Tests.Execution;

/// <summary>A profile counts what the steps compute and read; the expected figures are derived by hand from the graphs' shapes.</summary>
public sealed class ProfilerTests
{
    // The matrices of SampleGraphs.Decoder: q 8x8, k and v 4x8, gate 16x8, output 32x16.
    private const int Weights = 64 + 32 + 32 + 128 + 512;

    [Theory]
    [InlineData(CacheType.F32, 4)]
    [InlineData(CacheType.F16, 2)]
    public void A_token_reads_each_weight_once_and_the_keys_before_it(CacheType type, int bytesPerElement)
    {
        using var run = new ReferenceRun(SampleGraphs.Decoder());
        using var context = run.Context(type: type);
        ReferenceRun.Run(context, ReferenceRun.Tokens(5), 5);
        var profile = Profiled(context, [7], 1);

        // A row of the embedding, the norm's weight and the bias of q have 8 elements each; a key and a value 4.
        Assert.Equal((Weights + 8 + 8 + 8) * 4 + 6 * (4 + 4) * bytesPerElement, profile.Total.Bytes);
        Assert.Equal((Weights + 8) * 4, Kind(profile, "matmul f32").Bytes);
        Assert.Equal(6 * (4 + 4) * bytesPerElement, Kind(profile, "attention").Bytes);
        Assert.Equal(2 * Weights, Kind(profile, "matmul f32").Flops);
        Assert.Equal(2 * 2 * (4 + 4) * 6, Kind(profile, "attention").Flops);
        Assert.Equal(3 * (2 + 1) * 4, Kind(profile, "rope").Flops);
        Assert.Equal(4 * 8, Kind(profile, "rms_norm").Flops);
    }

    [Fact]
    public void A_batch_reads_the_weights_once_and_computes_for_each_token()
    {
        using var run = new ReferenceRun(SampleGraphs.Decoder());
        using var context = run.Context();
        var profile = Profiled(context, ReferenceRun.Tokens(6), 6);
        Assert.Equal((Weights + 8) * 4, Kind(profile, "matmul f32").Bytes);
        Assert.Equal(6 * 2 * Weights, Kind(profile, "matmul f32").Flops);
        Assert.Equal(6 * 8 * 4, Kind(profile, "get_rows").Bytes);
        Assert.Equal(6 * (4 + 4) * 4, Kind(profile, "attention").Bytes);
        Assert.Equal(2 * 2 * (4 + 4) * (1 + 2 + 3 + 4 + 5 + 6), Kind(profile, "attention").Flops);
    }

    [Fact]
    public void Attention_in_a_window_reads_the_window_alone()
    {
        using var run = new ReferenceRun(OperationCases.Graph("grouped-query attention in a window"));
        using var context = run.Context();
        ReferenceRun.Run(context, ReferenceRun.Tokens(20), 20);
        // Two heads of keys of 8 elements and values of 12.
        const int row = 2 * (8 + 12);
        Assert.Equal(5 * row * sizeof(float), Kind(Profiled(context, [1], 1), "attention").Bytes);
        // Six queries together see their windows of five, which overlap but for the first place of each.
        Assert.Equal((5 + 5) * row * sizeof(float), Kind(Profiled(context, ReferenceRun.Tokens(6), 6), "attention").Bytes);
    }

    [Fact]
    public void Experts_are_read_if_they_are_used()
    {
        using var run = new ReferenceRun(OperationCases.Graph("experts"));
        using var context = run.Context();
        var tokens = ReferenceRun.Tokens(2);
        var used = run.Evaluate(tokens)["ids"].Values.Distinct().Count();
        Assert.InRange(used, 2, 4);
        var experts = Kind(Profiled(context, tokens, 2), "matmul of experts, f32");
        // Gate with bias and scale, up, down.
        Assert.Equal(used * ((10 * 24 + 10 + 1) + (10 * 24) + (24 * 10)) * sizeof(float), experts.Bytes);
        Assert.Equal(2 * 2 * 2 * (3 * 240), experts.Flops);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Nothing_is_allocated_per_token_with_a_profiler_or_without(bool isProfiled)
    {
        using var run = new ReferenceRun(SampleGraphs.Decoder());
        using var context = run.Context(length: 256);
        var profiler = new Profiler();
        if (isProfiled) context.Profiler = profiler;
        var batch = new Batch();
        for (var i = 0; i < 8; i++) Next();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 200; i++) Next();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(isProfiled, profiler.Result().Total.Calls > 0);

        void Next()
        {
            batch.Clear();
            batch.Add(5, context.NextPosition(0), 0, wantOutput: true);
            context.Evaluate(batch);
        }
    }

    [Fact]
    public void A_result_is_that_of_one_run_and_a_reset_forgets()
    {
        using var run = new ReferenceRun(SampleGraphs.Decoder());
        using var context = run.Context();
        var profiler = context.Profiler = new Profiler();
        ReferenceRun.Run(context, ReferenceRun.Tokens(8), 1);
        Assert.Equal(profiler.Result().Total.Flops / 4, profiler.Result(4).Total.Flops);
        Assert.Equal(profiler.Result().WallSeconds / 4, profiler.Result(4).WallSeconds);
        profiler.Reset();
        Assert.Empty(profiler.Result().Rows);
        Assert.Equal(0, profiler.Result().WallSeconds);
    }

    [Fact]
    public void Each_operation_that_reads_weights_tables_or_states_says_what_it_reads()
    {
        var reading = OpTable.All.Where(spec => spec.Operands.Any(o => o.Slot is Slot.Weight or Slot.Table or Slot.State or Slot.Factors)).ToArray();
        Assert.True(reading.Length >= 10);
        Assert.All(reading, spec => Assert.NotNull(spec.WorkRule));
    }

    private static Profile Profiled(InferenceContext context, int[] tokens, int atOnce)
    {
        var profiler = new Profiler();
        context.Profiler = profiler;
        ReferenceRun.Run(context, tokens, atOnce);
        context.Profiler = null;
        return profiler.Result();
    }

    private static ProfileRow Kind(Profile profile, string kind) => profile.Rows.Single(r => r.Kind == kind);
}
