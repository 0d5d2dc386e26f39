using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ArchGen.Tools.Measurement;

/// <summary>
/// The file in which llama-perplexity saves a model's predictions for a text, little-endian: "_logits_"; i32 tokens of a chunk, vocabulary, chunks; all
/// tokens as i32; then for each scored output a row of 16-bit numbers: two f32 (step, lowest ln p), and for each token of the vocabulary its ln p in
/// steps above the lowest, u16, filled up to an even number. Probabilities below e^-16 of the greatest count as that.
/// </summary>
internal static class LogitsFormat
{
    public const int HeaderBytes = 8 + (3 * sizeof(int));

    private const float Range = 16;
    private const int Floats = 4;

    public static ReadOnlySpan<byte> Magic => "_logits_"u8;

    /// <summary>16-bit numbers of a row.</summary>
    public static int RowLength(int vocabulary) => Floats + vocabulary + (vocabulary & 1);

    /// <summary>Bytes of a file.</summary>
    public static long FileBytes(int chunkLength, int vocabulary, int chunks)
    {
        var rows = LogitsScorer.ScoredPerChunk(chunkLength) * (long)RowLength(vocabulary) * sizeof(ushort);
        return HeaderBytes + (chunks * ((chunkLength * (long)sizeof(int)) + rows));
    }

    /// <summary>The step and the lowest ln p of a row.</summary>
    public static (float Step, float Lowest) Scale(ReadOnlySpan<ushort> row)
    {
        var floats = MemoryMarshal.Cast<ushort, float>(row[..Floats]);
        return (floats[0], floats[1]);
    }

    /// <summary>The steps of a row.</summary>
    public static ReadOnlySpan<ushort> Steps(ReadOnlySpan<ushort> row, int vocabulary) => row.Slice(Floats, vocabulary);

    /// <summary>Stores what a model says.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Encode(ReadOnlySpan<float> logits, LogSoftmax softmax, Span<ushort> row)
    {
        var low = logits[0];
        foreach (var logit in logits) low = MathF.Min(low, logit);
        low = MathF.Max(low, softmax.Max - Range);
        var step = (softmax.Max - low) / ushort.MaxValue;
        var floats = MemoryMarshal.Cast<ushort, float>(row[..Floats]);
        (floats[0], floats[1]) = (step, low - softmax.Max - (float)softmax.LogSum);
        var steps = row[Floats..];
        steps.Clear();
        if (step == 0) return;
        var inverse = 1 / step;
        for (var i = 0; i < logits.Length; i++)
        {
            if (logits[i] > low) steps[i] = (ushort)MathF.Round(inverse * (logits[i] - low));
        }
    }
}
