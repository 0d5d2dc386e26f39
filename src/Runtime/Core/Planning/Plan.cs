using ArchGen.Cpu.Threading;
using ArchGen.Runtime.Execution;

namespace ArchGen.Runtime.Planning;

/// <summary>A graph compiled for one machine and one model: steps with their memory. Running it allocates nothing.</summary>
internal sealed class Plan : IDisposable
{
    private readonly NativeBlocks _memory;

    public Plan(Step[] encoderSteps, Step[] tokenSteps, TensorView encoded, TensorView output, PlanLimits limits, long arenaBytes, NativeBlocks memory)
    {
        (EncoderSteps, TokenSteps, Encoded, Output, Limits, ArenaBytes, _memory) = (encoderSteps, tokenSteps, encoded, output, limits, arenaBytes, memory);
    }

    /// <summary>What is run when the encoder's rows are set.</summary>
    public IReadOnlyList<Step> EncoderSteps { get; }

    /// <summary>What is run for each micro-batch.</summary>
    public IReadOnlyList<Step> TokenSteps { get; }

    /// <summary>Where the encoder's rows go.</summary>
    public TensorView Encoded { get; }

    /// <summary>The result, a row per output.</summary>
    public TensorView Output { get; }

    public PlanLimits Limits { get; }

    /// <summary>Bytes of the memory that values share.</summary>
    public long ArenaBytes { get; }

    /// <summary>Runs the micro-batch in <paramref name="frame"/>.</summary>
    /// <param name="frame">The micro-batch.</param>
    /// <param name="pool">The threads.</param>
    /// <param name="profiler">Measures the steps; null if nobody wants it.</param>
    /// <param name="cancellation">Ends it between two steps.</param>
    public void Run(Frame frame, WorkerPool pool, Profiler? profiler, CancellationToken cancellation)
    {
        if (profiler is null) Run(TokenSteps, frame, pool, cancellation);
        else profiler.Run(TokenSteps, frame, pool, cancellation);
    }

    /// <summary>Computes what depends on the encoder's rows alone.</summary>
    public void RunEncoder(Frame frame, WorkerPool pool, CancellationToken cancellation) => Run(EncoderSteps, frame, pool, cancellation);

    public void Dispose() => _memory.Dispose();

    private static void Run(IReadOnlyList<Step> steps, Frame frame, WorkerPool pool, CancellationToken cancellation)
    {
        for (var i = 0; i < steps.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            steps[i].Run(frame, pool);
        }
    }
}

/// <summary>What a plan can take at once, and what it demands of a batch.</summary>
/// <param name="Tokens">Tokens of a micro-batch.</param>
/// <param name="Outputs">Outputs of a micro-batch.</param>
/// <param name="EncoderTokens">Rows of the encoder.</param>
internal sealed record PlanLimits(int Tokens, int Outputs, int EncoderTokens)
{
    /// <summary>Token ids are below this.</summary>
    public int TokenIds { get; set; } = int.MaxValue;

    /// <summary>Positions are below this: the rows of a table of learned positions.</summary>
    public int Positions { get; set; } = int.MaxValue;

    /// <summary>Whether there is an encoder whose rows must be set first.</summary>
    public bool NeedsEncoder { get; set; }
}
