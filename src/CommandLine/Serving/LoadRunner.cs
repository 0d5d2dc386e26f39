namespace ArchGen.CommandLine.Serving;

/// <summary>Sends the requests of <c>archgen bench-serve</c>.</summary>
/// <param name="client">Sends one.</param>
/// <param name="options">How many, how long, how fast.</param>
/// <param name="model">The model.</param>
internal sealed class LoadRunner(LoadClient client, LoadOptions options, string model)
{
    private const int FewWords = 32, ManyWords = 96;

    private readonly LoadPrompts _prompts = new(options.Seed, options.PrefixShare);
    private readonly Random _arrivals = new(options.Seed);
    private int _words = options.PromptTokens;
    private int _next;

    /// <summary>
    /// Finds out how many words give a prompt its length, from the server's counts for two short prompts, and sends the requests that are not measured.
    /// </summary>
    /// <returns>Whether the server states how many tokens there are; if not, a word counts as one.</returns>
    /// <exception cref="RequestException">The server refuses the requests.</exception>
    public async Task<bool> WarmUpAsync(CancellationToken cancellation)
    {
        var few = await CountAsync(FewWords, cancellation).ConfigureAwait(false);
        var many = await CountAsync(ManyWords, cancellation).ConfigureAwait(false);
        var hasUsage = few is not null && many > few;
        if (hasUsage)
        {
            var perWord = (many!.Value - few!.Value) / (double)(ManyWords - FewWords);
            var others = few.Value - (perWord * FewWords);
            _words = Math.Max(1, (int)Math.Round((options.PromptTokens - others) / perWord));
        }

        for (var i = 0; i < options.Warmup; i++) Check(await SendAsync(_words, options.AnswerTokens, cancellation).ConfigureAwait(false));
        return hasUsage;
    }

    /// <summary>Sends the requests of one row.</summary>
    /// <param name="concurrency">Requests that are open at the same time at most.</param>
    /// <param name="progress">Called with the number of those that ended.</param>
    /// <param name="cancellation">Ends the row early; its result has what ended before.</param>
    public async Task<LoadRow> RunAsync(int concurrency, Action<int> progress, CancellationToken cancellation)
    {
        var planned = options.RequestsOf(concurrency);
        var results = new List<LoadResult>(planned);
        using var open = new SemaphoreSlim(concurrency, concurrency);
        var tasks = new List<Task>(planned);
        var start = options.Clock.GetTimestamp();
        var arrival = TimeSpan.Zero;
        try
        {
            for (var i = 0; i < planned; i++)
            {
                if (i > 0 && options.Rate is { } rate) arrival += TimeBetween(rate);
                var wait = arrival - options.Clock.GetElapsedTime(start);
                if (wait > TimeSpan.Zero) await Task.Delay(wait, options.Clock, cancellation).ConfigureAwait(false);
                await open.WaitAsync(cancellation).ConfigureAwait(false);
                tasks.Add(OneAsync());
            }
        }
        catch (OperationCanceledException)
        {
        }

        await Task.WhenAll(tasks).ConfigureAwait(false);
        return new LoadRow(concurrency, planned, results, options.Clock);

        async Task OneAsync()
        {
            try
            {
                var result = await SendAsync(_words, options.AnswerTokens, cancellation).ConfigureAwait(false);
                lock (results)
                {
                    results.Add(result);
                    progress(results.Count);
                }
            }
            catch (OperationCanceledException)
            {
            }
            finally
            {
                open.Release();
            }
        }
    }

    // No two requests of a run have the same prompt: else a cache would be measured that nobody asked for.
    private Task<LoadResult> SendAsync(int words, int answerTokens, CancellationToken cancellation) =>
        client.SendAsync(model, _prompts.Text(Interlocked.Increment(ref _next), words), answerTokens, cancellation);

    private async Task<int?> CountAsync(int words, CancellationToken cancellation)
    {
        var result = await SendAsync(words, 1, cancellation).ConfigureAwait(false);
        Check(result);
        return result.PromptTokens;
    }

    private void Check(LoadResult result)
    {
        if (result.Error is { } error) throw new RequestException($"{options.Server} does not answer a first request: {error}");
    }

    // Gamma with the mean 1 / rate, as vLLM's benchmark has it.
    private TimeSpan TimeBetween(double rate) => TimeSpan.FromSeconds(Gamma(options.Burstiness) / (options.Burstiness * rate));

    // Marsaglia and Tsang, "A simple method for generating gamma variables" (2000).
    private double Gamma(double shape)
    {
        if (shape < 1) return Gamma(shape + 1) * Math.Pow(1 - _arrivals.NextDouble(), 1 / shape);
        var d = shape - (1.0 / 3);
        var c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            var x = Normal();
            var v = Math.Pow(1 + (c * x), 3);
            if (v > 0 && Math.Log(1 - _arrivals.NextDouble()) < (0.5 * x * x) + (d * (1 - v + Math.Log(v)))) return d * v;
        }
    }

    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - _arrivals.NextDouble())) * Math.Cos(2 * Math.PI * _arrivals.NextDouble());
}
