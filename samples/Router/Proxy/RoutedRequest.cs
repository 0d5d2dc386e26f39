using ArchGen.Samples.Router.Routing;

namespace ArchGen.Samples.Router.Proxy;

/// <summary>A request on its way through the router; a feature of its <see cref="HttpContext"/>.</summary>
internal sealed class RoutedRequest
{
    /// <summary>The hashes of the prompt's blocks.</summary>
    public required ulong[] Chain { get; init; }

    /// <summary>Whether it may be sent to another replica if this one has not begun to answer.</summary>
    public required bool IsRepeatable { get; init; }

    /// <summary>Whether there is another replica to which it has not been sent.</summary>
    public bool HasOthers { get; set; }

    /// <summary>Whether the replica refused it, and its answer was put aside, since another may take it.</summary>
    public bool IsRefused { get; set; }

    /// <summary>The replica that has it; null before one is chosen.</summary>
    public Assignment? Assignment { get; set; }

    /// <summary>What the replica says of its cache in a header; null if it does not.</summary>
    public string? CachedHeader { get; set; }

    /// <summary>The request's feature.</summary>
    public static RoutedRequest Of(HttpContext context) =>
        context.Features.Get<RoutedRequest>() ?? throw new InvalidOperationException("RequestBuffering comes first.");
}
