using ArchGen.Runtime.Scheduling;

namespace ArchGen.Server.Operations;

/// <summary>When a full queue has probably room again: the tokens that wait by the tokens that were computed in a second lately.</summary>
internal static class RetryEstimate
{
    /// <summary>Seconds at least; also where nothing was measured yet.</summary>
    public const int Least = 1;

    // Clients that wait longer give up.
    private const int Most = 120;

    /// <summary>Seconds, from 1 to 120.</summary>
    /// <param name="engine">What waits.</param>
    /// <param name="measured">What was measured of earlier answers.</param>
    public static int Seconds(EngineMetrics engine, ModelMetrics measured)
    {
        var rate = measured.TokensPerSecond;
        if (rate <= 0 || measured.Answers == 0) return Least;
        var answer = (double)measured.GeneratedTokens / measured.Answers;
        var tokens = engine.QueuedTokens + (answer * (engine.QueuedAnswers + engine.RunningAnswers));
        return (int)Math.Clamp(Math.Ceiling(tokens / rate), Least, Most);
    }
}
