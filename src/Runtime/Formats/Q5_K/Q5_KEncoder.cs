using ArchGen.Formats.KQuants;
using ArchGen.Formats.Search;

namespace ArchGen.Formats.Q5_K;

/// <summary>The block format for <see cref="SixBitScaleEncoder"/>.</summary>
internal readonly unsafe struct Q5_KEncoder : ISixBitScaleEncoder
{
    public static int Bytes => sizeof(Q5_KBlock);

    public static int Bits => 5;

    public static ScaleMinimumTries Tries => new(31, -0.5f, 0.1f, 15);

    public static SixBitScaleParts Parts(byte* block)
    {
        var of = (Q5_KBlock*)block;
        return new(&of->Scale, &of->Minimum, of->GroupScales, of->FifthBits, of->Quants);
    }
}
