using ArchGen.Runtime.Scheduling;
using ArchGen.Server.Generation;

namespace ArchGen.Server.OpenAI;

/// <summary>Prompts of one request that are being answered.</summary>
internal sealed class SubmittedPrompts : IDisposable
{
    private readonly List<GenerationStream> _streams = [];

    /// <summary>Submits prompts. If one is refused, none is answered.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="requests">The prompts.</param>
    /// <param name="cancellation">Cancels them.</param>
    /// <exception cref="ArchGenException">One is refused.</exception>
    public SubmittedPrompts(InferenceEngine engine, IEnumerable<GenerationRequest> requests, CancellationToken cancellation)
    {
        try
        {
            foreach (var request in requests) _streams.Add(engine.Submit(request, cancellation));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The events, each with the number of its prompt. A client that does not read makes its answers pause.</summary>
    public IAsyncEnumerable<(int Prompt, GenerationEvent Event)> ReadAsync(CancellationToken cancellation) => MergedStreams.ReadAsync(_streams, cancellation);

    /// <summary>Cancels what has not ended.</summary>
    public void Dispose()
    {
        foreach (var stream in _streams) stream.Dispose();
    }
}
