using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ArchGen.Cpu.Steps;

namespace ArchGen.Tools.Measurement;

/// <summary>The logarithm of the sum of exponentials of a row of logits, l = max + ln(sum exp(x - max)).</summary>
/// <param name="Max">The greatest logit.</param>
/// <param name="LogSum">ln(sum exp(x - max)).</param>
internal readonly record struct LogSoftmax(float Max, double LogSum)
{
    /// <summary>-ln(p) of the token with that logit.</summary>
    public double NegativeLog(float logit) => (double)Max - logit + LogSum;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static LogSoftmax Of(ReadOnlySpan<float> logits)
    {
        ref var first = ref MemoryMarshal.GetReference(logits);
        var (width, i) = (Vector<float>.Count, 0);
        var maxima = new Vector<float>(first);
        for (; i <= logits.Length - width; i += width) maxima = Vector.MaxNative(maxima, Vector.LoadUnsafe(ref first, (nuint)i));
        var max = float.MinValue;
        for (var lane = 0; lane < width; lane++) max = MathF.Max(max, maxima[lane]);
        for (; i < logits.Length; i++) max = MathF.Max(max, logits[i]);

        var shift = new Vector<float>(max);
        Vector<double> low = default, high = default;
        for (i = 0; i <= logits.Length - width; i += width)
        {
            Vector.Widen(VectorMath.Exp(Vector.LoadUnsafe(ref first, (nuint)i) - shift), out var a, out var b);
            low += a;
            high += b;
        }

        var sum = Vector.Sum(low + high);
        for (; i < logits.Length; i++) sum += Math.Exp((double)logits[i] - max);
        return new LogSoftmax(max, Math.Log(sum));
    }
}
