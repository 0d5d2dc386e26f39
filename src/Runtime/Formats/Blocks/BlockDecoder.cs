using System.Runtime.CompilerServices;
using ArchGen.Formats.Simd;

namespace ArchGen.Formats.Blocks;

/// <summary>Decodes any block format with the vectors of an instruction set.</summary>
internal sealed unsafe class BlockDecoder<TFormat, TSimd, TVector> : TensorDecoder
    where TFormat : struct, IBlockFormat
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    private protected override (int Elements, int Bytes) Block => (TFormat.Weights, TFormat.Bytes);

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public override void Decode(byte* source, float* destination, long count)
    {
        // In steps that fit an int and hold whole blocks of every format.
        const int Step = 1 << 20;
        for (; count > 0; count -= Step, source += Step / TFormat.Weights * TFormat.Bytes, destination += Step)
        {
            var sink = new StoreSink<TSimd, TVector>(destination);
            TFormat.Unpack<TSimd, TVector, StoreSink<TSimd, TVector>>(source, (int)Math.Min(count, Step), ref sink);
        }
    }
}
