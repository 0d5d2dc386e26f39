using ArchGen.Runtime.Execution;
using ArchGen.Vulkan.Execution;

namespace ArchGen.Vulkan.Tests.Execution;

/// <summary>A token on a device allocates no memory of the process.</summary>
public sealed class AllocationTests
{
    private const int WarmUp = 8;
    private const int Tokens = 64;

    /// <summary>Red if recording, filling the micro-batch or reading the result allocates.</summary>
    [Theory]
    [InlineData("llama", false)]
    [InlineData("llama", true)]
    [InlineData("qwen2moe", false)]
    [InlineData("gemma3", false)]
    [InlineData("gpt-oss", false)]
    [InlineData("deepseek2", false)]
    [InlineData("mamba2", false)]
    [InlineData("qwen3next", false)]
    public void Nothing_is_allocated_after_the_first_tokens(string recipe, bool isProfiled)
    {
        using var run = new ModelRun(recipe);
        using var context = run.Open(new VulkanBackend(TestDevice.Get()), 2 * (WarmUp + Tokens), sequences: 2);
        if (isProfiled) context.Profiler = new Profiler();
        var batch = new Batch();
        for (var i = 0; i < WarmUp; i++) Next();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Tokens; i++) Next();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Next()
        {
            batch.Clear();
            batch.Add(5, context.NextPosition(0), 0, wantOutput: true);
            batch.Add(6, context.NextPosition(1), 1, wantOutput: false);
            context.Evaluate(batch);
        }
    }
}
