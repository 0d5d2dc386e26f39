namespace ArchGen.Runtime.Sampling;

/// <summary>A set of tokens: bit <c>t % 32</c> of word <c>t / 32</c> is set if token t is in it.</summary>
internal static class TokenMask
{
    /// <summary>Makes the tokens impossible that are not in the set.</summary>
    public static void Forbid(Span<float> logits, ReadOnlySpan<uint> mask)
    {
        for (var first = 0; first < logits.Length; first += 32)
        {
            var word = mask[first / 32];
            if (word == uint.MaxValue) continue;
            var some = logits.Slice(first, Math.Min(32, logits.Length - first));
            if (word == 0)
            {
                some.Fill(float.NegativeInfinity);
                continue;
            }

            for (var i = 0; i < some.Length; i++)
            {
                if ((word & (1u << i)) == 0) some[i] = float.NegativeInfinity;
            }
        }
    }
}
