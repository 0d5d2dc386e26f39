using ArchGen.Server.Models;

namespace ArchGen.Server.Operations;

/// <summary>Whether the server can answer, and if not, why.</summary>
/// <param name="options">The options.</param>
/// <param name="registry">The models.</param>
/// <param name="gate">The requests.</param>
/// <param name="watchdog">Sees engines that do not go on.</param>
internal sealed class Readiness(ServerOptions options, ModelRegistry registry, RequestGate gate, Watchdog watchdog)
{
    /// <summary>The word of <c>/health/ready</c>: ready, loading, failed, draining or wedged.</summary>
    public string State => gate.IsDraining ? "draining" : watchdog.IsWedged ? "wedged" : OfModels();

    private string OfModels()
    {
        if (!options.LoadsFirstModel || options.ModelsFolder is not null || registry.Models.Count == 0) return "ready";
        var first = registry.Models[0];
        return first.State switch
        {
            ModelState.Failed => "failed",
            // One that was closed since nobody used it is opened by the next request.
            ModelState.Loading or ModelState.Unloaded when !first.WasOpen => "loading",
            _ => "ready",
        };
    }
}
