using ArchGen.Runtime.Scheduling;

namespace ArchGen.Server.Operations;

/// <summary>What is measured of the answers of a model. It goes on when the model is closed and opened again. Safe for concurrent use.</summary>
/// <param name="clock">The clock.</param>
internal sealed class ModelMetrics(TimeProvider clock)
{
    // The rate is that of the last answers.
    private const int Recent = 64;

    private readonly Lock _gate = new();
    private readonly Queue<(long Time, long Tokens)> _recent = new();
    private long _recentTokens;

    /// <summary>The time from a request to the end of its answer.</summary>
    public Histogram Duration { get; } = new(Histogram.RequestSeconds);

    /// <summary>The time from a request to its first token.</summary>
    public Histogram TimeToFirstToken { get; } = new(Histogram.FirstTokenSeconds);

    /// <summary>The time per token after the first.</summary>
    public Histogram TimePerToken { get; } = new(Histogram.TokenSeconds);

    /// <summary>Answers.</summary>
    public long Answers { get; private set; }

    /// <summary>Seconds from the beginning of a prompt to its first token, of all answers.</summary>
    public double PromptSeconds { get; private set; }

    /// <summary>Seconds from the first token to the last, of all answers.</summary>
    public double GenerationSeconds { get; private set; }

    /// <summary>Tokens of prompts that were computed.</summary>
    public long PromptTokens { get; private set; }

    /// <summary>Tokens of prompts that the prefix cache had.</summary>
    public long CachedTokens { get; private set; }

    /// <summary>Tokens of answers.</summary>
    public long GeneratedTokens { get; private set; }

    /// <summary>Most tokens of a prompt and its answer.</summary>
    public long MostTokens { get; private set; }

    /// <summary>Tokens of prompts and answers in a second, lately; 0 before there are two answers.</summary>
    public double TokensPerSecond
    {
        get
        {
            lock (_gate)
            {
                if (_recent.Count < 2) return 0;
                var seconds = clock.GetElapsedTime(_recent.Peek().Time).TotalSeconds;
                return seconds <= 0 ? 0 : (_recentTokens - _recent.Peek().Tokens) / seconds;
            }
        }
    }

    /// <summary>Counts an answer.</summary>
    /// <param name="last">Its last event.</param>
    public void Add(in GenerationEvent last)
    {
        var (usage, times) = (last.Usage, last.Times);
        Duration.Observe((times.Waiting + times.Prompt + times.Generation).TotalSeconds);
        if (usage.GeneratedTokens > 0) TimeToFirstToken.Observe((times.Waiting + times.Prompt).TotalSeconds);
        if (usage.GeneratedTokens > 1) TimePerToken.Observe(times.Generation.TotalSeconds / (usage.GeneratedTokens - 1));
        var computed = usage.PromptTokens - usage.CachedTokens;
        lock (_gate)
        {
            Answers++;
            PromptSeconds += times.Prompt.TotalSeconds;
            GenerationSeconds += times.Generation.TotalSeconds;
            PromptTokens += computed;
            CachedTokens += usage.CachedTokens;
            GeneratedTokens += usage.GeneratedTokens;
            MostTokens = Math.Max(MostTokens, usage.PromptTokens + usage.GeneratedTokens);
            _recent.Enqueue((clock.GetTimestamp(), computed + usage.GeneratedTokens));
            _recentTokens += computed + usage.GeneratedTokens;
            if (_recent.Count > Recent) _recentTokens -= _recent.Dequeue().Tokens;
        }
    }
}
