using ArchGen.Fixtures;
using ArchGen.Runtime.Backends;
using ArchGen.Vulkan.Execution;
using ArchGen.Vulkan.Tests.Bounds;

namespace ArchGen.Vulkan.Tests.Execution;

/// <summary>Every architecture on a device against the processor; and every operation by layers, and with steps in any order that barriers allow.</summary>
public sealed class ArchitectureTests
{
    public static TheoryData<string> Recipes => [.. ArchitectureFixture.All];

    private static VulkanBackend Device => new(TestDevice.Get()) { Precision = DevicePrecision.Exact };

    [Theory]
    [MemberData(nameof(Recipes))]
    public void An_architecture_is_wholly_on_the_device(string recipe)
    {
        using var run = new ModelRun(recipe);
        List<string> races = [];
        var device = Device with { Compiled = part => races.AddRange(PlanChecker.Races(part.Steps.Groups)) };
        foreach (var node in run.Graphs.All.SelectMany(graph => graph.Nodes))
            Assert.True(((IBackend)device).Supports(node), $"{node}: there is no shader for it");
        run.AssertClose(device, Sizes(run));
        Assert.Empty(races);
    }

    [Theory]
    [MemberData(nameof(CoveringRecipes.Data), MemberType = typeof(CoveringRecipes))]
    public void Layers_may_be_on_either_side(string recipe)
    {
        using var run = new ModelRun(recipe);
        run.AssertClose(new OffloadBackend([Device], ModelRun.Cpu) { Layers = 1 }, Sizes(run));
    }

    [Theory]
    [MemberData(nameof(CoveringRecipes.Data), MemberType = typeof(CoveringRecipes))]
    public void Steps_between_barriers_may_run_in_any_order(string recipe)
    {
        using var run = new ModelRun(recipe);
        var device = Device;
        var expected = run.Results(device);
        foreach (var order in new[] { StepOrder.Reversed, StepOrder.Shuffled }) Assert.Equal(expected, run.Results(device with { Order = order }));
    }

    // Tokens at once: all, half of them, and one.
    private static int[] Sizes(ModelRun run) => run.Graphs.IsBidirectional ? run.Sizes : [.. run.Sizes, (run.TokenCount + 1) / 2];
}
