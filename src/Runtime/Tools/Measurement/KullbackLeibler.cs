using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ArchGen.Cpu.Steps;
using ArchGen.Runtime.Generation;

namespace ArchGen.Tools.Measurement;

/// <summary>
/// The divergence of a model's predictions from those of another, such as the one it was quantized from: the Kullback-Leibler divergence
/// sum p_base ln(p_base / p) of each prediction (Kullback and Leibler 1951), and the change of the probability of each token of the text.
/// <code>
/// using var saved = LogitsReader.Open("f16.logits");
/// Console.WriteLine(KullbackLeibler.Measure(quantized, saved).KlDivergence);
/// </code>
/// </summary>
public static class KullbackLeibler
{
    /// <summary>Compares a model with the one whose predictions were saved.</summary>
    /// <param name="model">A language model of the same vocabulary.</param>
    /// <param name="saved">The other model's predictions with their text; read from its beginning.</param>
    /// <param name="options">Batch size, cache type, backend and threads.</param>
    /// <param name="maxChunks">Chunks to compare at most; null for all.</param>
    /// <param name="progress">Called after each chunk with the result so far and the number of chunks.</param>
    /// <param name="cancellation">Ends the run between two steps.</param>
    /// <exception cref="ArchGenException">The vocabularies differ, or as <see cref="Perplexity.Measure"/>.</exception>
    public static DivergenceResult Measure(
        LoadedModel model,
        LogitsReader saved,
        EvaluationOptions? options = null,
        int? maxChunks = null,
        Action<DivergenceResult, int>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(saved);
        using var scorer = new Scorer(model, saved, saved.TextFor(model, maxChunks), options ?? new());
        return scorer.Measure(progress, cancellation);
    }

    private sealed class Scorer(LoadedModel model, LogitsReader saved, ChunkedText text, EvaluationOptions options) : LogitsScorer(model, text, options)
    {
        private readonly int _rowLength = LogitsFormat.RowLength(saved.Vocabulary);
        private readonly DivergenceSums _sums = new();
        private ushort[] _rows = [];
        private Prediction[] _predictions = [];

        public DivergenceResult Measure(Action<DivergenceResult, int>? progress, CancellationToken cancellation)
        {
            Run(chunk => progress?.Invoke(_sums.Result(), chunk), cancellation);
            return _sums.Result();
        }

        protected override void Prepare(int rows)
        {
            if (_predictions.Length < rows) (_predictions, _rows) = (new Prediction[rows], new ushort[checked(rows * _rowLength)]);
            saved.ReadRows(_rows.AsSpan(0, rows * _rowLength));
        }

        protected override void Score(int row, ReadOnlySpan<float> logits, int next) =>
            _predictions[row] = Compare(logits, _rows.AsSpan(row * _rowLength, _rowLength), next);

        protected override bool Collect(int row)
        {
            _sums.Add(_predictions[row]);
            return double.IsFinite(_predictions[row].Loss) && double.IsFinite(_predictions[row].Divergence);
        }
    }

    private static Prediction Compare(ReadOnlySpan<float> logits, ReadOnlySpan<ushort> row, int next)
    {
        var softmax = LogSoftmax.Of(logits);
        var (step, lowest) = LogitsFormat.Scale(row);
        var steps = LogitsFormat.Steps(row, logits.Length);
        return new Prediction(
            softmax.NegativeLog(logits[next]),
            -((step * steps[next]) + lowest),
            Divergence(logits, softmax, steps, step, lowest),
            logits.IndexOf(softmax.Max) == steps.IndexOf(Greatest(steps)));
    }

    /// <summary>sum p_base (ln p_base - ln p), without tokens whose probability in the file is the lowest that it can store, e^-16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Divergence(ReadOnlySpan<float> logits, LogSoftmax softmax, ReadOnlySpan<ushort> steps, float step, float lowest)
    {
        const float MinLog = -16;
        ref var logit = ref MemoryMarshal.GetReference(logits);
        ref var code = ref MemoryMarshal.GetReference(steps);
        Vector<float> size = new(step), offset = new(lowest), total = new((float)(softmax.Max + softmax.LogSum)), min = new(MinLog);
        Vector<double> sum = default;
        var (width, i) = (Vector<float>.Count, 0);
        for (; i <= logits.Length - (2 * width); i += 2 * width)
        {
            Vector.Widen(Vector.LoadUnsafe(ref code, (nuint)i), out var low, out var high);
            sum += Terms(Vector.ConvertToSingle(low), Vector.LoadUnsafe(ref logit, (nuint)i));
            sum += Terms(Vector.ConvertToSingle(high), Vector.LoadUnsafe(ref logit, (nuint)(i + width)));
        }

        var result = Vector.Sum(sum);
        for (; i < logits.Length; i++)
        {
            var log = (step * steps[i]) + lowest;
            if (log > MinLog) result += Math.Exp(log) * (log - (logits[i] - (softmax.Max + softmax.LogSum)));
        }

        return result;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        Vector<double> Terms(Vector<float> codes, Vector<float> logits)
        {
            var log = (size * codes) + offset;
            var terms = Vector.ConditionalSelect(Vector.GreaterThan(log, min), VectorMath.Exp(log) * (log - logits + total), Vector<float>.Zero);
            Vector.Widen(terms, out var low, out var high);
            return low + high;
        }
    }

    private static ushort Greatest(ReadOnlySpan<ushort> steps)
    {
        ushort greatest = 0;
        foreach (var step in steps) greatest = Math.Max(greatest, step);
        return greatest;
    }
}

/// <summary>One prediction of two models.</summary>
/// <param name="Loss">-ln p of the next token of the text.</param>
/// <param name="BaseLoss">The other model's.</param>
/// <param name="Divergence">The divergence of all tokens' probabilities.</param>
/// <param name="IsSameTop">Whether the most likely token is the same in both.</param>
internal readonly record struct Prediction(double Loss, double BaseLoss, double Divergence, bool IsSameTop);
