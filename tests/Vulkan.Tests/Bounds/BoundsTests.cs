using ArchGen.Fixtures;
using ArchGen.Vulkan.Execution;
using ArchGen.Vulkan.Tests.Execution;

namespace ArchGen.Vulkan.Tests.Bounds;

/// <summary>Steps use the memory that they say they use, and nothing else.</summary>
public sealed class BoundsTests
{
    /// <summary>
    /// Red for a step that reads what nothing has written (NaN), reads a value whose place in the arena another one has taken (other bits), goes past a value's
    /// end, lacks a barrier, or is given an address that it does not declare.
    /// </summary>
    [Theory]
    [MemberData(nameof(CoveringRecipes.Data), MemberType = typeof(CoveringRecipes))]
    public void Values_in_memory_of_their_own_give_the_same_bits(string recipe)
    {
        using var run = new ModelRun(recipe);
        List<string> mistakes = [];
        var addresses = 0;
        var arena = new VulkanBackend(TestDevice.Get()) { Compiled = part => mistakes.AddRange(PlanChecker.Races(part.Steps.Groups)) };
        var separate = new VulkanBackend(FakeDevices.Separate) { Compiled = part => mistakes.AddRange(PlanChecker.Undeclared(part, ref addresses)) };
        foreach (var size in run.Sizes) Assert.Equal(run.Results(arena, size), run.Results(separate, size));
        Assert.Empty(mistakes);
        Assert.True(addresses > 0, "no address was checked");
    }

    /// <summary>Red if the checks of this class would not see what they look for.</summary>
    [Fact]
    public void Missing_barriers_and_declarations_are_found()
    {
        using var run = new ModelRun("llama");
        var barriers = 0;
        run.Results(new VulkanBackend(TestDevice.Get())
        {
            Compiled = part =>
            {
                foreach (var (a, b) in part.Steps.Groups.Zip(part.Steps.Groups.Skip(1)))
                {
                    Assert.NotEmpty(PlanChecker.Races([[.. a, .. b]]));
                    barriers++;
                }
            },
        });
        Assert.True(barriers > 4, $"{barriers} barriers");

        var steps = 0;
        run.Results(new VulkanBackend(FakeDevices.Separate)
        {
            Compiled = part =>
            {
                foreach (var step in part.Steps.All)
                {
                    var (reads, ignored) = (step.Reads, 0);
                    step.Reads = [];
                    // What is written to where it is read is still declared.
                    var isOnlyRead = reads.Any(r => step.Writes.All(w => r.Start >= w.End || w.Start >= r.End));
                    if (isOnlyRead && PlanChecker.Undeclared(part, ref ignored).Count > 0) steps++;
                    step.Reads = reads;
                }
            },
        });
        Assert.True(steps > 4, $"{steps} steps");
    }
}
