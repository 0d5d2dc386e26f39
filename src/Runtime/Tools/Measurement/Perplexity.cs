using ArchGen.Runtime.Generation;

namespace ArchGen.Tools.Measurement;

/// <summary>
/// The perplexity of a text, which says how well a model predicts it: e to the mean of -ln p(token | those before it in its
/// chunk), over the second half of each chunk (Jelinek et al. 1977; the scheme of llama.cpp's llama-perplexity, whose figures are comparable).
/// <code>
/// using var model = LoadedModel.Open("model.gguf", Catalog.All);
/// var text = ChunkedText.Create(model.Tokenizer, File.ReadAllText("wiki.test.raw"), chunkLength: 512);
/// Console.WriteLine(Perplexity.Measure(model, text).Perplexity);
/// </code>
/// </summary>
public static class Perplexity
{
    /// <summary>Measures a text.</summary>
    /// <param name="model">A language model.</param>
    /// <param name="text">The text, in its tokens.</param>
    /// <param name="options">Batch size, cache type, backend and threads.</param>
    /// <param name="save">Saves all log-probabilities, for <see cref="KullbackLeibler"/> to compare other models with this one; or null.</param>
    /// <param name="progress">Called after each chunk with the result so far.</param>
    /// <param name="cancellation">Ends the run.</param>
    /// <exception cref="ArchGenException">The model computes no logits, chunks are too short, or a token or a logit is out of range.</exception>
    public static PerplexityResult Measure(
        LoadedModel model,
        ChunkedText text,
        EvaluationOptions? options = null,
        LogitsWriter? save = null,
        Action<PerplexityResult>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(text);
        using var scorer = new Scorer(model, text, options ?? new(), save);
        return scorer.Measure(progress, cancellation);
    }

    private sealed class Scorer(LoadedModel model, ChunkedText text, EvaluationOptions options, LogitsWriter? save) : LogitsScorer(model, text, options)
    {
        private double[] _losses = [];
        private RunningMean _mean;

        public PerplexityResult Measure(Action<PerplexityResult>? progress, CancellationToken cancellation)
        {
            save?.Begin(Text, Vocabulary);
            Run(chunk => progress?.Invoke(new PerplexityResult(_mean.Estimate.Exp(), _mean.Count, chunk)), cancellation);
            return new PerplexityResult(_mean.Estimate.Exp(), _mean.Count, Text.Chunks);
        }

        protected override void Prepare(int rows)
        {
            if (_losses.Length < rows) _losses = new double[rows];
            save?.Prepare(rows);
        }

        protected override void Score(int row, ReadOnlySpan<float> logits, int next)
        {
            var softmax = LogSoftmax.Of(logits);
            _losses[row] = softmax.NegativeLog(logits[next]);
            save?.Encode(row, logits, softmax);
        }

        protected override bool Collect(int row)
        {
            _mean.Add(_losses[row]);
            save?.Write(row);
            return double.IsFinite(_losses[row]);
        }
    }
}

/// <summary>The result of <see cref="Measurement.Perplexity"/>.</summary>
/// <param name="Perplexity">The perplexity, and its standard error if tokens are independent.</param>
/// <param name="Tokens">Tokens that were scored.</param>
/// <param name="Chunks">Chunks that were run.</param>
public sealed record PerplexityResult(Estimate Perplexity, long Tokens, int Chunks);
