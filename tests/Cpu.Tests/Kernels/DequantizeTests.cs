using System.Runtime.InteropServices;
using System.Security.Cryptography;
using ArchGen.Cpu.Kernels;
using ArchGen.Formats;

namespace ArchGen.Cpu.Tests.Kernels;

public sealed unsafe class DequantizeTests
{
    public static TheoryData<TensorType, InstructionSet, Precision> TypesAndTiers()
    {
        var data = new TheoryData<TensorType, InstructionSet, Precision>();
        foreach (var type in TensorTypes.All.Where(type => TensorFormats.Of(type).IsDecodable))
        {
            foreach (var target in CpuTarget.All.Where(target => target.IsSupported))
                data.Add(type, target.InstructionSet, target.Precision);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(TypesAndTiers))]
    public void Is_bit_identical_to_the_reference(TensorType type, InstructionSet set, Precision precision)
    {
        var target = new CpuTarget(set, precision);
        if (type == TensorType.F32) return;
        foreach (var variant in QuantizedRows.Variants(type))
        {
            using var source = new NativeBuffer<byte>(QuantizedRows.Read(type, variant));
            using var result = new NativeBuffer<float>(QuantizedRows.Rows * QuantizedRows.RowLength);

            TensorFormats.Of(type).DecoderWith(target.Vectors).Decode(source.Pointer, result.Pointer, result.Span.Length);

            Assert.Equal(
                (variant, QuantizedRows.DequantizedHash(type, variant)),
                (variant, Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(result.Span)))));
        }
    }

    [Theory]
    [InlineData(InstructionSet.Portable)]
    [InlineData(InstructionSet.Avx2)]
    [InlineData(InstructionSet.Avx512)]
    public void Every_half_precision_number_is_exact(InstructionSet set)
    {
        if (!InstructionSets.IsSupported(set)) return;
        using var source = new NativeBuffer<byte>(65536 * 2);
        using var result = new NativeBuffer<float>(65536);
        var halves = MemoryMarshal.Cast<byte, ushort>(source.Span);
        for (var i = 0; i < 65536; i++) halves[i] = (ushort)i;

        TensorFormats.Of(TensorType.F16).DecoderWith(InstructionSets.VectorsOf(set)).Decode(source.Pointer, result.Pointer, 65536);

        for (var i = 0; i < 65536; i++)
        {
            var expected = (float)BitConverter.UInt16BitsToHalf((ushort)i);
            if (float.IsNaN(expected)) Assert.True(float.IsNaN(result.Span[i]), $"half {i:x4}");
            else Assert.Equal(BitConverter.SingleToUInt32Bits(expected), BitConverter.SingleToUInt32Bits(result.Span[i]));
        }
    }

    [Fact]
    public void A_type_without_kernel_is_named()
    {
        var error = Assert.Throws<ModelFileException>(() => MatMulKernel.For(TensorType.I32));
        Assert.Contains("i32", error.Message);
    }
}
