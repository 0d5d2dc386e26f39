using ArchGen.Cpu.Kernels;
using ArchGen.Formats;

namespace ArchGen.Cpu.Tests.Kernels;

/// <summary>Kernels that say so read the activations that the other prepares.</summary>
public sealed unsafe class SharedPreparationTests
{
    private const int Rows = QuantizedRows.Rows, K = QuantizedRows.RowLength;

    private static readonly int[] Counts = [1, 4, 33, 37];

    public static TheoryData<TensorType, InstructionSet, Precision> TypesAndTiers() => DequantizeTests.TypesAndTiers();

    [Theory]
    [MemberData(nameof(TypesAndTiers))]
    public void Activations_of_one_type_serve_the_types_that_share_them(TensorType type, InstructionSet set, Precision precision)
    {
        var target = new CpuTarget(set, precision);
        foreach (var method in (ProductMethod[])[ProductMethod.ByCount, ProductMethod.Rows, ProductMethod.Tiles])
        {
            var kernel = MatMulKernel.For(type, target).With(method);
            var others = TensorTypes.All.Where(other => other != type && TensorFormats.Of(other).IsDecodable)
                .Select(other => MatMulKernel.For(other, target).With(method)).Where(kernel.SharesPreparationWith).ToList();
            foreach (var tokens in Counts)
            {
                var expected = Multiply(kernel, kernel, tokens);
                foreach (var other in others)
                    Assert.True(expected.AsSpan().SequenceEqual(Multiply(kernel, other, tokens)), $"{method}, {tokens} tokens that {other.Type} prepares");
            }
        }
    }

    private static float[] Multiply(MatMulKernel kernel, MatMulKernel preparing, int tokens)
    {
        using var weights = new NativeBuffer<byte>(QuantizedRows.Read(kernel.Type));
        var random = new Random(K);
        using var x = new NativeBuffer<float>(tokens * K);
        foreach (ref var value in x.Span) value = random.NextSingle() - 0.5f;
        using var prepared = new NativeBuffer<byte>(Math.Max(kernel.PreparedBytes(tokens, K), preparing.PreparedBytes(tokens, K)));
        using var y = new NativeBuffer<float>(tokens * Rows);
        preparing.Prepare(x.Pointer, K, null, 0, tokens, tokens, K, prepared.Pointer);
        kernel.Multiply(weights.Pointer, kernel.Type.ByteLength(K), 0, Rows, K, prepared.Pointer, tokens, y.Pointer, Rows);
        return y.Span.ToArray();
    }
}
