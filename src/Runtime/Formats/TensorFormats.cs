using ArchGen.Formats.BF16;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.Blocks32;
using ArchGen.Formats.F16;
using ArchGen.Formats.F32;
using ArchGen.Formats.F64;
using ArchGen.Formats.I16;
using ArchGen.Formats.I32;
using ArchGen.Formats.I64;
using ArchGen.Formats.I8;
using ArchGen.Formats.IQ1_M;
using ArchGen.Formats.IQ1_S;
using ArchGen.Formats.IQ2_S;
using ArchGen.Formats.IQ2_XS;
using ArchGen.Formats.IQ2_XXS;
using ArchGen.Formats.IQ3_S;
using ArchGen.Formats.IQ3_XXS;
using ArchGen.Formats.IQ4_NL;
using ArchGen.Formats.IQ4_XS;
using ArchGen.Formats.KQuants;
using ArchGen.Formats.MXFP4;
using ArchGen.Formats.NVFP4;
using ArchGen.Formats.Q1_0;
using ArchGen.Formats.Q2_0;
using ArchGen.Formats.Q2_K;
using ArchGen.Formats.Q3_K;
using ArchGen.Formats.Q4_0;
using ArchGen.Formats.Q4_1;
using ArchGen.Formats.Q4_K;
using ArchGen.Formats.Q5_0;
using ArchGen.Formats.Q5_1;
using ArchGen.Formats.Q5_K;
using ArchGen.Formats.Q6_K;
using ArchGen.Formats.Q8_0;
using ArchGen.Formats.Q8_1;
using ArchGen.Formats.Q8_K;
using ArchGen.Formats.TQ1_0;
using ArchGen.Formats.TQ2_0;

namespace ArchGen.Formats;

/// <summary>Every tensor type with its parts, one per line; the parts are in the type's folder.</summary>
public static unsafe class TensorFormats
{
    /// <summary>All formats; the encodable ones first, in the order of lists.</summary>
    public static IReadOnlyList<TensorFormat> All { get; } =
    [
        Of(TensorType.F32, "f32", F32Block.Weights, sizeof(F32Block), Blocks<F32Decoder>, F32Encoder.Encode),
        Of(TensorType.F16, "f16", F16Block.Weights, sizeof(F16Block), Blocks<F16Decoder>, F16Encoder.Encode),
        Of(TensorType.BF16, "bf16", BF16Block.Weights, sizeof(BF16Block), Blocks<BF16Decoder>, BF16Encoder.Encode),
        Of(TensorType.Q8_0, "q8_0", Q8_0Block.Weights, sizeof(Q8_0Block), Blocks<BlocksOf32<Q8_0Decoder>>, Q8_0Encoder.Encode),
        Of(TensorType.Q4_0, "q4_0", Q4_0Block.Weights, sizeof(Q4_0Block), Blocks<BlocksOf32<Q4_0Decoder>>, Blocks32Encoder.Encode<Q4_0Encoder>),
        Of(TensorType.Q4_1, "q4_1", Q4_1Block.Weights, sizeof(Q4_1Block), Blocks<BlocksOf32<Q4_1Decoder>>, Blocks32Encoder.Encode<Q4_1Encoder>),
        Of(TensorType.Q5_0, "q5_0", Q5_0Block.Weights, sizeof(Q5_0Block), Blocks<BlocksOf32<Q5_0Decoder>>, Blocks32Encoder.Encode<Q5_0Encoder>),
        Of(TensorType.Q5_1, "q5_1", Q5_1Block.Weights, sizeof(Q5_1Block), Blocks<BlocksOf32<Q5_1Decoder>>, Blocks32Encoder.Encode<Q5_1Encoder>),
        Of(TensorType.Q2_K, "q2_K", Q2_KBlock.Weights, sizeof(Q2_KBlock), Blocks<Q2_KDecoder>, Q2_KEncoder.Encode),
        Of(TensorType.Q3_K, "q3_K", Q3_KBlock.Weights, sizeof(Q3_KBlock), Blocks<Q3_KDecoder>, Q3_KEncoder.Encode),
        Of(TensorType.Q4_K, "q4_K", Q4_KBlock.Weights, sizeof(Q4_KBlock), Blocks<Q4_KDecoder>, SixBitScaleEncoder.Encode<Q4_KEncoder>),
        Of(TensorType.Q5_K, "q5_K", Q5_KBlock.Weights, sizeof(Q5_KBlock), Blocks<Q5_KDecoder>, SixBitScaleEncoder.Encode<Q5_KEncoder>),
        Of(TensorType.Q6_K, "q6_K", Q6_KBlock.Weights, sizeof(Q6_KBlock), Blocks<Q6_KDecoder>, Q6_KEncoder.Encode),
        Of(TensorType.IQ1_S, "iq1_s", IQ1_SBlock.Weights, sizeof(IQ1_SBlock), Blocks<IQ1_SDecoder>, IQ1_SEncoder.Encode, needsImportance: true),
        Of(TensorType.IQ1_M, "iq1_m", IQ1_MBlock.Weights, sizeof(IQ1_MBlock), Blocks<IQ1_MDecoder>, IQ1_MEncoder.Encode),
        Of(TensorType.IQ2_XXS, "iq2_xxs", IQ2_XXSBlock.Weights, sizeof(IQ2_XXSBlock), Blocks<IQ2_XXSDecoder>, IQ2_XXSEncoder.Encode, needsImportance: true),
        Of(TensorType.IQ2_XS, "iq2_xs", IQ2_XSBlock.Weights, sizeof(IQ2_XSBlock), Blocks<IQ2_XSDecoder>, IQ2_XSEncoder.Encode, needsImportance: true),
        Of(TensorType.IQ2_S, "iq2_s", IQ2_SBlock.Weights, sizeof(IQ2_SBlock), Blocks<IQ2_SDecoder>, IQ2_SEncoder.Encode),
        Of(TensorType.IQ3_XXS, "iq3_xxs", IQ3_XXSBlock.Weights, sizeof(IQ3_XXSBlock), Blocks<IQ3_XXSDecoder>, IQ3_XXSEncoder.Encode),
        Of(TensorType.IQ3_S, "iq3_s", IQ3_SBlock.Weights, sizeof(IQ3_SBlock), Blocks<IQ3_SDecoder>, IQ3_SEncoder.Encode),
        Of(TensorType.IQ4_NL, "iq4_nl", IQ4_NLBlock.Weights, sizeof(IQ4_NLBlock), Blocks<BlocksOf32<IQ4_NLDecoder>>, IQ4_NLEncoder.Encode),
        Of(TensorType.IQ4_XS, "iq4_xs", IQ4_XSBlock.Weights, sizeof(IQ4_XSBlock), Blocks<IQ4_XSDecoder>, IQ4_XSEncoder.Encode),
        Of(TensorType.TQ1_0, "tq1_0", TQ1_0Block.Weights, sizeof(TQ1_0Block), Blocks<TQ1_0Decoder>, TQ1_0Encoder.Encode),
        Of(TensorType.TQ2_0, "tq2_0", TQ2_0Block.Weights, sizeof(TQ2_0Block), Blocks<TQ2_0Decoder>, TQ2_0Encoder.Encode),
        Of(TensorType.MXFP4, "mxfp4", MXFP4Block.Weights, sizeof(MXFP4Block), Blocks<BlocksOf32<MXFP4Decoder>>, MXFP4Encoder.Encode),
        Of(TensorType.NVFP4, "nvfp4", NVFP4Block.Weights, sizeof(NVFP4Block), Blocks<NVFP4Decoder>, NVFP4Encoder.Encode),
        Of(TensorType.Q1_0, "q1_0", Q1_0Block.Weights, sizeof(Q1_0Block), Blocks<Q1_0Decoder>, Q1_0Encoder.Encode),
        Of(TensorType.Q2_0, "q2_0", Q2_0Block.Weights, sizeof(Q2_0Block), Blocks<Q2_0Decoder>, Q2_0Encoder.Encode),
        new(TensorType.Q8_1, "q8_1", Q8_1Block.Weights, sizeof(Q8_1Block)),
        new(TensorType.Q8_K, "q8_K", Q8_KBlock.Weights, sizeof(Q8_KBlock)),
        new(TensorType.F64, "f64", F64Block.Weights, sizeof(F64Block)),
        new(TensorType.I8, "i8", I8Block.Weights, sizeof(I8Block)),
        new(TensorType.I16, "i16", I16Block.Weights, sizeof(I16Block)),
        new(TensorType.I32, "i32", I32Block.Weights, sizeof(I32Block)),
        new(TensorType.I64, "i64", I64Block.Weights, sizeof(I64Block)),
    ];

    private static readonly TensorFormat?[] ByNumber = Index(All);

    /// <summary>The encodable formats, in the order of lists.</summary>
    public static IReadOnlyList<TensorFormat> Encodable { get; } = [.. All.Where(format => format.IsEncodable)];

    /// <summary>The format of a type.</summary>
    /// <exception cref="ArchGenException">The number is no type.</exception>
    public static TensorFormat Of(TensorType type) => Find(type) ?? throw new ArchGenException($"No tensor type has the number {(uint)type}.");

    /// <summary>The format of a type, or null if the number is none.</summary>
    public static TensorFormat? Find(TensorType type) => (uint)type < (uint)ByNumber.Length ? ByNumber[(int)type] : null;

    // Decoders are created at first use: generic code for each of these types would slow down every start.
    private static TensorFormat Of(
        TensorType type, string name, int weights, int bytes, Func<BlockFormat> blocks, TensorEncoder.RowEncoder encode, bool needsImportance = false) =>
        new(type, name, weights, bytes, blocks) { Encoder = new TensorEncoder(encode, weights, bytes, needsImportance) };

    private static BlockFormat Blocks<TDecoder>() where TDecoder : struct, IBlockFormat => new BlockFormat<TDecoder>();

    private static TensorFormat?[] Index(IReadOnlyList<TensorFormat> formats)
    {
        var byNumber = new TensorFormat?[(int)formats.Max(format => format.Type) + 1];
        foreach (var format in formats) byNumber[(int)format.Type] = format;
        return byNumber;
    }
}
