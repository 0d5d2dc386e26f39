using ArchGen.Runtime.Planning;

namespace ArchGen.Vulkan.Execution;

/// <summary>The scratch memory that steps need on the device.</summary>
internal static class StepScratch
{
    /// <summary>The sizes, in bytes.</summary>
    public static IReadOnlyList<long> Bytes(PlanStep step, PlanLimits limits, VulkanSession session)
    {
        return step switch
        {
            Product product => Half(product.X, product.X.Heads, product.Matrices),
            GatedProduct product => Half(product.X, product.X.Heads, [product.Gate, product.Up]),
            HeadProduct product => Half(product.X, 1, [product.Matrix]),
            ExpertProduct { Route.Scratch.Count: > 0 } product when session.TilesOf(product.Matrix)?.Expert is not null =>
                [HalfRows.BytesOf(product.X, limits, session.TilesOf(product.Matrix)!.Planes.OfX)],
            ExpertRoute route => session.Products.RouteBytes(route, limits),
            AttentionOperation { Origin: not KeyOrigin.Batch } attention => [new AttentionShape(attention, session).PartialBytes],
            _ => [],
        };

        // x in half precision, if there can be so many rows that matrix units are used.
        IReadOnlyList<long> Half(PlanValue x, int rowFactor, IEnumerable<PlanMatrix> matrices) =>
            (long)limits.Capacity(x.Rows) * rowFactor > session.Products.FewRows && matrices.Max(m => session.TilesOf(m)?.Planes.OfX) is { } planes
                ? [HalfRows.BytesOf(x, limits, planes)]
                : [];
    }
}
