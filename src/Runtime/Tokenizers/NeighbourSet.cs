using System.Text;

namespace ArchGen.Tokenizers;

/// <summary>
/// The pairs of characters that are neighbours in some token. No merge crosses a pair that is not in the set, so a text can be cut there and the parts
/// encoded separately. One bit is for all pairs of one hash: a collision loses a cut, never a merge.
/// </summary>
internal sealed class NeighbourSet
{
    private const int Bits = 1 << 22;

    private readonly ulong[] _bits = new ulong[Bits / 64];

    /// <summary>Adds the neighbours within a token.</summary>
    public void Add(ReadOnlySpan<char> token)
    {
        var before = -1;
        foreach (var rune in token.EnumerateRunes())
        {
            if (before >= 0)
            {
                var bit = BitOf(before, rune.Value);
                _bits[bit >> 6] |= 1UL << bit;
            }

            before = rune.Value;
        }
    }

    /// <summary>Whether a token may hold the two code points side by side.</summary>
    public bool MayHold(int left, int right)
    {
        var bit = BitOf(left, right);
        return (_bits[bit >> 6] >> bit & 1) != 0;
    }

    private static int BitOf(int left, int right) => (int)SeededHash.Mix(((ulong)(uint)left << 32) | (uint)right) & (Bits - 1);
}
