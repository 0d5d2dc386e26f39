namespace ArchGen.Server.Models;

/// <summary>The use of a model by one request: it is not closed before the lease is disposed of.</summary>
/// <param name="model">The model.</param>
/// <param name="release">Called once at the end.</param>
internal sealed class ModelLease(ServedModel model, Action release) : IDisposable
{
    private Action? _release = release;

    /// <summary>The model.</summary>
    public ServedModel Model => model;

    /// <inheritdoc/>
    public void Dispose() => Interlocked.Exchange(ref _release, null)?.Invoke();
}
