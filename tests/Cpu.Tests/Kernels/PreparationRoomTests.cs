using ArchGen.Cpu.Kernels;
using ArchGen.Formats;

namespace ArchGen.Cpu.Tests.Kernels;

/// <summary>
/// What a plan relies on: room for the most tokens is enough for fewer, which may be prepared in another way, and experts' rooms lie side by side.
/// </summary>
public sealed unsafe class PreparationRoomTests
{
    private const int Most = 70;

    public static TheoryData<TensorType, InstructionSet, Precision> TypesAndTiers() => DequantizeTests.TypesAndTiers();

    [Theory]
    [MemberData(nameof(TypesAndTiers))]
    public void Fewer_tokens_need_no_more_room(TensorType type, InstructionSet set, Precision precision)
    {
        var target = new CpuTarget(set, precision);
        const int TailBytes = 1 << 16;
        const byte Untouched = 0xA5;
        var kernel = MatMulKernel.For(type, target);
        foreach (var k in WidthsOf(type))
        {
            using var x = new NativeBuffer<float>(Most * k);
            for (var i = 0; i < x.Span.Length; i++) x.Span[i] = i % 7 - 3;
            var room = kernel.PreparedBytes(Most, k);
            for (var tokens = Most; tokens >= 1; tokens--)
            {
                room = Math.Min(room, kernel.PreparedBytes(tokens, k));
                using var prepared = new NativeBuffer<byte>(room + TailBytes);
                prepared.Span.Fill(Untouched);
                kernel.Prepare(x.Pointer, k, null, 0, tokens, tokens, k, prepared.Pointer);
                var written = prepared.Span[(int)room..].IndexOfAnyExcept(Untouched);
                Assert.True(written < 0, $"{tokens} tokens of {k} were prepared beyond their room of {room} bytes.");
            }
        }
    }

    [Theory]
    [MemberData(nameof(TypesAndTiers))]
    public void Two_preparations_fit_into_the_room_of_both_and_a_grain(TensorType type, InstructionSet set, Precision precision)
    {
        var target = new CpuTarget(set, precision);
        var kernel = MatMulKernel.For(type, target);
        foreach (var k in WidthsOf(type))
        {
            for (var first = 0; first < Most; first++)
            {
                for (var second = 1; second < Most; second++)
                {
                    var apart = kernel.PreparedBytes(first, k) + kernel.PreparedBytes(second, k);
                    var both = kernel.PreparedBytes(first + second + MatMulKernel.PreparationGrain, k);
                    Assert.True(apart <= both, $"{first} and {second} tokens of {k}: {apart} bytes apart, {both} together");
                }
            }
        }
    }

    private static int[] WidthsOf(TensorType type) =>
        [.. ((int[])[type.BlockSize, 16, 256, 512, 544, 576, 640, 768, 896, 1000]).Where(k => k % type.BlockSize == 0)];
}
