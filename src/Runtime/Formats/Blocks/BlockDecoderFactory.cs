using ArchGen.Formats.Simd;

namespace ArchGen.Formats.Blocks;

/// <summary>Makes the decoder of a format with the vectors of an instruction set.</summary>
internal sealed class BlockDecoderFactory<TSimd, TVector> : IBlockFormatVisitor<TensorDecoder>
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    public TensorDecoder Visit<TFormat>() where TFormat : struct, IBlockFormat => new BlockDecoder<TFormat, TSimd, TVector>();
}
