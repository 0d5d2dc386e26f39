using System.Runtime.InteropServices;
using ArchGen.Gguf;
using ArchGen.Tools.Quantization.Encoders;

namespace ArchGen.Tools.Quantization;

/// <summary>Stores numbers as a file's types have them, byte for byte as ggml's reference does.</summary>
public static class TensorEncoder
{
    /// <summary>The types that can be written.</summary>
    public static IReadOnlyList<TensorType> Types { get; } =
    [
        TensorType.F32, TensorType.F16, TensorType.BF16, TensorType.Q8_0, TensorType.Q4_0, TensorType.Q4_1, TensorType.Q5_0, TensorType.Q5_1,
        TensorType.Q2_K, TensorType.Q3_K, TensorType.Q4_K, TensorType.Q5_K, TensorType.Q6_K,
        TensorType.IQ1_S, TensorType.IQ1_M, TensorType.IQ2_XXS, TensorType.IQ2_XS, TensorType.IQ2_S, TensorType.IQ3_XXS, TensorType.IQ3_S, TensorType.IQ4_NL, TensorType.IQ4_XS,
        TensorType.TQ1_0, TensorType.TQ2_0, TensorType.MXFP4, TensorType.NVFP4, TensorType.Q1_0, TensorType.Q2_0,
    ];

    /// <summary>Whether a type can be written only with importance.</summary>
    public static bool NeedsImportance(TensorType type) => type is TensorType.IQ1_S or TensorType.IQ2_XXS or TensorType.IQ2_XS;

    /// <summary>Stores elements, all of equal importance.</summary>
    /// <param name="type">One of <see cref="Types"/> that does not need importance.</param>
    /// <param name="source">The elements: whole blocks of the type.</param>
    /// <param name="destination">As many bytes as these need.</param>
    public static void Encode(TensorType type, ReadOnlySpan<float> source, Span<byte> destination) => Encode(type, source, destination, source.Length, default);

    /// <summary>Stores whole rows.</summary>
    /// <param name="type">One of <see cref="Types"/>.</param>
    /// <param name="source">The elements, row by row.</param>
    /// <param name="destination">As many bytes as these need.</param>
    /// <param name="columns">Elements of a row: whole blocks of the type.</param>
    /// <param name="importance">How much each column matters, none negative; empty where all matter alike.</param>
    public static void Encode(TensorType type, ReadOnlySpan<float> source, Span<byte> destination, int columns, ReadOnlySpan<float> importance)
    {
        if (!Types.Contains(type))
            throw new ArgumentOutOfRangeException(nameof(type), $"{type.Name} cannot be written; expected one of {string.Join(", ", Types.Select(t => t.Name))}.");
        if (importance.IsEmpty && NeedsImportance(type)) throw new ArgumentException($"{type.Name} needs importance, and there is none.", nameof(importance));
        switch (type)
        {
            case TensorType.F32: MemoryMarshal.AsBytes(source).CopyTo(destination); return;
            case TensorType.F16: NarrowFloats.Encode<NarrowHalf>(source, MemoryMarshal.Cast<byte, ushort>(destination)); return;
            case TensorType.BF16: NarrowFloats.Encode<NarrowBFloat16>(source, MemoryMarshal.Cast<byte, ushort>(destination)); return;
            case TensorType.Q8_0: Q8_0Encoder.Encode(source, destination); return;
        }

        // Importance counts within a row; without it, rows are as good as one.
        if (importance.IsEmpty) columns = source.Length;
        var bytes = (int)type.ByteLength(columns);
        for (; source.Length > 0; source = source[columns..], destination = destination[bytes..])
            EncodeRow(type, source[..columns], destination[..bytes], importance);
    }

    private static void EncodeRow(TensorType type, ReadOnlySpan<float> source, Span<byte> destination, ReadOnlySpan<float> importance)
    {
        switch (type)
        {
            case TensorType.Q4_0: Blocks32Encoder.EncodeRow(source, destination, importance, bits: 4, hasMinimum: false); break;
            case TensorType.Q4_1: Blocks32Encoder.EncodeRow(source, destination, importance, bits: 4, hasMinimum: true); break;
            case TensorType.Q5_0: Blocks32Encoder.EncodeRow(source, destination, importance, bits: 5, hasMinimum: false); break;
            case TensorType.Q5_1: Blocks32Encoder.EncodeRow(source, destination, importance, bits: 5, hasMinimum: true); break;
            case TensorType.Q2_K: Q236KEncoder.EncodeQ2(source, destination, importance); break;
            case TensorType.Q3_K: Q236KEncoder.EncodeQ3(source, destination, importance); break;
            case TensorType.Q4_K: Q45KEncoder.EncodeRow(source, destination, importance, bits: 4); break;
            case TensorType.Q5_K: Q45KEncoder.EncodeRow(source, destination, importance, bits: 5); break;
            case TensorType.Q6_K: Q236KEncoder.EncodeQ6(source, destination, importance); break;
            case TensorType.IQ1_S: Iq1Encoder.EncodeS(source, destination, importance); break;
            case TensorType.IQ1_M: Iq1Encoder.EncodeM(source, destination, importance); break;
            case TensorType.IQ2_XXS: Iq2Encoder.EncodeXxs(source, destination, importance); break;
            case TensorType.IQ2_XS: Iq2Encoder.EncodeXs(source, destination, importance); break;
            case TensorType.IQ2_S: Iq2Encoder.EncodeS(source, destination, importance); break;
            case TensorType.IQ3_XXS: Iq3Encoder.EncodeXxs(source, destination, importance); break;
            case TensorType.IQ3_S: Iq3Encoder.EncodeS(source, destination, importance); break;
            case TensorType.IQ4_NL: NonlinearEncoder.EncodeNonlinear(source, destination, importance); break;
            case TensorType.IQ4_XS: NonlinearEncoder.EncodeSmall(source, destination, importance); break;
            case TensorType.TQ1_0: FewBitEncoder.EncodeTernary(source, destination); break;
            case TensorType.TQ2_0: FewBitEncoder.EncodeTernaryPairs(source, destination); break;
            case TensorType.MXFP4: SmallFloatEncoder.EncodeMxfp4(source, destination); break;
            case TensorType.NVFP4: SmallFloatEncoder.EncodeNvfp4(source, destination); break;
            case TensorType.Q1_0: FewBitEncoder.EncodeQ1(source, destination); break;
            case TensorType.Q2_0: FewBitEncoder.EncodeQ2(source, destination); break;
            default: throw new ArgumentOutOfRangeException(nameof(type));
        }
    }
}
