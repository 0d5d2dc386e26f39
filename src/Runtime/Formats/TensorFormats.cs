using ArchGen.Formats.Blocks;
using ArchGen.Formats.Blocks32;
using ArchGen.Formats.KQuants;

namespace ArchGen.Formats;

/// <summary>Every tensor type with its parts, one a line. What is not in a line is in the type's folder.</summary>
public static class TensorFormats
{
    /// <summary>All formats; those that can be written first, in the order in which they are offered.</summary>
    public static IReadOnlyList<TensorFormat> All { get; } =
    [
        Of<F32.F32Block, F32.F32Decoder>(TensorType.F32, "f32", F32.F32Encoder.Encode),
        Of<F16.F16Block, F16.F16Decoder>(TensorType.F16, "f16", F16.F16Encoder.Encode),
        Of<BF16.BF16Block, BF16.BF16Decoder>(TensorType.BF16, "bf16", BF16.BF16Encoder.Encode),
        Of<Q8_0.Q8_0Block, BlocksOf32<Q8_0.Q8_0Decoder>>(TensorType.Q8_0, "q8_0", Q8_0.Q8_0Encoder.Encode),
        Of<Q4_0.Q4_0Block, BlocksOf32<Q4_0.Q4_0Decoder>>(TensorType.Q4_0, "q4_0", Blocks32Encoder.Encode<Q4_0.Q4_0Encoder>),
        Of<Q4_1.Q4_1Block, BlocksOf32<Q4_1.Q4_1Decoder>>(TensorType.Q4_1, "q4_1", Blocks32Encoder.Encode<Q4_1.Q4_1Encoder>),
        Of<Q5_0.Q5_0Block, BlocksOf32<Q5_0.Q5_0Decoder>>(TensorType.Q5_0, "q5_0", Blocks32Encoder.Encode<Q5_0.Q5_0Encoder>),
        Of<Q5_1.Q5_1Block, BlocksOf32<Q5_1.Q5_1Decoder>>(TensorType.Q5_1, "q5_1", Blocks32Encoder.Encode<Q5_1.Q5_1Encoder>),
        Of<Q2_K.Q2_KBlock, Q2_K.Q2_KDecoder>(TensorType.Q2_K, "q2_K", Q2_K.Q2_KEncoder.Encode),
        Of<Q3_K.Q3_KBlock, Q3_K.Q3_KDecoder>(TensorType.Q3_K, "q3_K", Q3_K.Q3_KEncoder.Encode),
        Of<Q4_K.Q4_KBlock, Q4_K.Q4_KDecoder>(TensorType.Q4_K, "q4_K", SixBitScaleEncoder.Encode<Q4_K.Q4_KEncoder>),
        Of<Q5_K.Q5_KBlock, Q5_K.Q5_KDecoder>(TensorType.Q5_K, "q5_K", SixBitScaleEncoder.Encode<Q5_K.Q5_KEncoder>),
        Of<Q6_K.Q6_KBlock, Q6_K.Q6_KDecoder>(TensorType.Q6_K, "q6_K", Q6_K.Q6_KEncoder.Encode),
        Of<IQ1_S.IQ1_SBlock, IQ1_S.IQ1_SDecoder>(TensorType.IQ1_S, "iq1_s", IQ1_S.IQ1_SEncoder.Encode, needsImportance: true),
        Of<IQ1_M.IQ1_MBlock, IQ1_M.IQ1_MDecoder>(TensorType.IQ1_M, "iq1_m", IQ1_M.IQ1_MEncoder.Encode),
        Of<IQ2_XXS.IQ2_XXSBlock, IQ2_XXS.IQ2_XXSDecoder>(TensorType.IQ2_XXS, "iq2_xxs", IQ2_XXS.IQ2_XXSEncoder.Encode, needsImportance: true),
        Of<IQ2_XS.IQ2_XSBlock, IQ2_XS.IQ2_XSDecoder>(TensorType.IQ2_XS, "iq2_xs", IQ2_XS.IQ2_XSEncoder.Encode, needsImportance: true),
        Of<IQ2_S.IQ2_SBlock, IQ2_S.IQ2_SDecoder>(TensorType.IQ2_S, "iq2_s", IQ2_S.IQ2_SEncoder.Encode),
        Of<IQ3_XXS.IQ3_XXSBlock, IQ3_XXS.IQ3_XXSDecoder>(TensorType.IQ3_XXS, "iq3_xxs", IQ3_XXS.IQ3_XXSEncoder.Encode),
        Of<IQ3_S.IQ3_SBlock, IQ3_S.IQ3_SDecoder>(TensorType.IQ3_S, "iq3_s", IQ3_S.IQ3_SEncoder.Encode),
        Of<IQ4_NL.IQ4_NLBlock, BlocksOf32<IQ4_NL.IQ4_NLDecoder>>(TensorType.IQ4_NL, "iq4_nl", IQ4_NL.IQ4_NLEncoder.Encode),
        Of<IQ4_XS.IQ4_XSBlock, IQ4_XS.IQ4_XSDecoder>(TensorType.IQ4_XS, "iq4_xs", IQ4_XS.IQ4_XSEncoder.Encode),
        Of<TQ1_0.TQ1_0Block, TQ1_0.TQ1_0Decoder>(TensorType.TQ1_0, "tq1_0", TQ1_0.TQ1_0Encoder.Encode),
        Of<TQ2_0.TQ2_0Block, TQ2_0.TQ2_0Decoder>(TensorType.TQ2_0, "tq2_0", TQ2_0.TQ2_0Encoder.Encode),
        Of<MXFP4.MXFP4Block, BlocksOf32<MXFP4.MXFP4Decoder>>(TensorType.MXFP4, "mxfp4", MXFP4.MXFP4Encoder.Encode),
        Of<NVFP4.NVFP4Block, NVFP4.NVFP4Decoder>(TensorType.NVFP4, "nvfp4", NVFP4.NVFP4Encoder.Encode),
        Of<Q1_0.Q1_0Block, Q1_0.Q1_0Decoder>(TensorType.Q1_0, "q1_0", Q1_0.Q1_0Encoder.Encode),
        Of<Q2_0.Q2_0Block, Q2_0.Q2_0Decoder>(TensorType.Q2_0, "q2_0", Q2_0.Q2_0Encoder.Encode),
        Of<Q8_1.Q8_1Block>(TensorType.Q8_1, "q8_1"),
        Of<Q8_K.Q8_KBlock>(TensorType.Q8_K, "q8_K"),
        Of<F64.F64Block>(TensorType.F64, "f64"),
        Of<I8.I8Block>(TensorType.I8, "i8"),
        Of<I16.I16Block>(TensorType.I16, "i16"),
        Of<I32.I32Block>(TensorType.I32, "i32"),
        Of<I64.I64Block>(TensorType.I64, "i64"),
    ];

    private static readonly TensorFormat?[] ByNumber = Index(All);

    /// <summary>The types that can be written, in the order in which they are offered.</summary>
    public static IReadOnlyList<TensorType> Encodable { get; } = [.. All.Where(format => format.Encoder is not null).Select(format => format.Type)];

    /// <summary>The format of a type.</summary>
    /// <exception cref="ArchGenException">The number stands for no type.</exception>
    public static TensorFormat Of(TensorType type) => Find(type) ?? throw new ArchGenException($"No tensor type has the number {(uint)type}.");

    /// <summary>The format of a type, or null where the number stands for none.</summary>
    public static TensorFormat? Find(TensorType type) => (uint)type < (uint)ByNumber.Length ? ByNumber[(int)type] : null;

    /// <summary>A type whose elements cannot be read as floats.</summary>
    private static unsafe TensorFormat Of<TBlock>(TensorType type, string name) where TBlock : unmanaged, ITensorBlock =>
        new(type, name, TBlock.Weights, sizeof(TBlock));

    private static unsafe TensorFormat Of<TBlock, TDecoder>(TensorType type, string name, TensorEncoder.RowEncoder encode, bool needsImportance = false)
        where TBlock : unmanaged, ITensorBlock
        where TDecoder : struct, IBlockFormat => new(type, name, TBlock.Weights, sizeof(TBlock))
        {
            Blocks = new BlockFormat<TDecoder>(),
            Encoder = new TensorEncoder(encode, TBlock.Weights, sizeof(TBlock), needsImportance),
        };

    private static TensorFormat?[] Index(IReadOnlyList<TensorFormat> formats)
    {
        var byNumber = new TensorFormat?[(int)formats.Max(format => format.Type) + 1];
        foreach (var format in formats) byNumber[(int)format.Type] = format;
        return byNumber;
    }
}
