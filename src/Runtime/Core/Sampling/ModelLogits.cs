using System.Numerics;

namespace ArchGen.Runtime.Sampling;

/// <summary>The logits as a model gives them.</summary>
internal static class ModelLogits
{
    /// <summary>Copies logits.</summary>
    /// <exception cref="ModelFileException">A logit is not a number or positive infinity.</exception>
    public static void Copy(ReadOnlySpan<float> logits, Span<float> destination)
    {
        var infinity = new Vector<float>(float.PositiveInfinity);
        var areNumbers = Vector<int>.AllBitsSet;
        var i = 0;
        for (; i <= logits.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var some = new Vector<float>(logits[i..]);
            areNumbers &= Vector.LessThan(some, infinity);
            some.CopyTo(destination[i..]);
        }

        var isNumber = areNumbers == Vector<int>.AllBitsSet;
        for (; i < logits.Length; i++)
        {
            isNumber &= logits[i] < float.PositiveInfinity;
            destination[i] = logits[i];
        }

        if (!isNumber) throw Nonsense(logits);
    }

    private static ModelFileException Nonsense(ReadOnlySpan<float> logits)
    {
        var token = 0;
        while (logits[token] < float.PositiveInfinity) token++;
        return new($"The logit of token {token} is {(float.IsNaN(logits[token]) ? "not a number" : "infinite")}: the model computed nonsense. "
            + "Check the file (its hash, its conversion), and compare with F32 weights.");
    }
}
