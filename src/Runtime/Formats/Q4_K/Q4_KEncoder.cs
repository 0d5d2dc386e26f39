using ArchGen.Formats.KQuants;
using ArchGen.Formats.Search;

namespace ArchGen.Formats.Q4_K;

/// <summary>The block format for <see cref="SixBitScaleEncoder"/>.</summary>
internal readonly unsafe struct Q4_KEncoder : ISixBitScaleEncoder
{
    public static int Bytes => sizeof(Q4_KBlock);

    public static int Bits => 4;

    public static ScaleMinimumTries Tries => new(15, -1, 0.1f, 20);

    public static SixBitScaleParts Parts(byte* block)
    {
        var of = (Q4_KBlock*)block;
        return new(&of->Scale, &of->Minimum, of->GroupScales, null, of->Quants);
    }
}
