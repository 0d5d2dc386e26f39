using ArchGen.Runtime.Planning;

namespace ArchGen.Vulkan.Execution;

/// <summary>The scratch memory that steps need on the device.</summary>
internal static class StepScratch
{
    /// <summary>The sizes, in bytes.</summary>
    public static IReadOnlyList<long> Bytes(PlanStep step, PlanLimits limits, VulkanSession session) => step switch
    {
        ExpertRoute route => session.Products.RouteBytes(route, limits),
        AttentionOperation { Origin: not KeyOrigin.Batch } attention => [new AttentionShape(attention, session).PartialBytes],
        _ => [],
    };
}
