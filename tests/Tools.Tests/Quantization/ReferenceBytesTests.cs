using System.Runtime.InteropServices;
using ArchGen.Fixtures;
using ArchGen.Formats;
using ArchGen.Gguf;
using ArchGen.Tools.Quantization;

namespace ArchGen.Tools.Tests.Quantization;

/// <summary>Every type, with and without importance, against the bytes of ggml's reference: 12 rows of 1024 numbers, each row of another kind.</summary>
public sealed class ReferenceBytesTests
{
    private const int Columns = 1024;

    public static TheoryData<TensorType, string> Files()
    {
        var data = new TheoryData<TensorType, string>();
        foreach (var type in TensorFormats.Encodable.Select(format => format.Type).Where(t => t != TensorType.F32))
        {
            if (!TensorFormats.Of(type).Encoder!.NeedsImportance) data.Add(type, "plain");
            data.Add(type, "imatrix");
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Bytes_are_those_of_the_reference(TensorType type, string kind)
    {
        var (found, expected) = (Encode(type, kind), Expected(type, kind));
        var differing = Enumerable.Range(0, expected.Length / type.BytesPerBlock)
            .Where(b => !found.AsSpan(b * type.BytesPerBlock, type.BytesPerBlock).SequenceEqual(expected.AsSpan(b * type.BytesPerBlock, type.BytesPerBlock)))
            .ToList();
        Assert.True(differing.Count == 0,
            $"{type.Name} {kind}: {differing.Count} of {expected.Length / type.BytesPerBlock} blocks differ, the first is {differing.FirstOrDefault()}");
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void A_changed_number_is_noticed(TensorType type, string kind)
    {
        // Of each block, the number of the largest magnitude: of a ternary type others may round to the same.
        var numbers = Floats("input.f32");
        for (var begin = 0; begin < numbers.Length; begin += Math.Max(32, type.BlockSize))
        {
            var block = numbers.AsSpan(begin, Math.Max(32, type.BlockSize));
            var largest = 0;
            for (var i = 0; i < block.Length; i++)
                if (MathF.Abs(block[i]) > MathF.Abs(block[largest])) largest = i;
            block[largest] *= -1.25f;
        }

        Assert.False(Encode(type, kind, numbers).AsSpan().SequenceEqual(Expected(type, kind)));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void What_is_no_number_does_no_harm(TensorType type, string kind)
    {
        var numbers = Floats("input.f32");
        (numbers[3], numbers[Columns + 7], numbers[(2 * Columns) + 300], numbers[(3 * Columns) + 900]) =
            (float.NaN, float.PositiveInfinity, float.NegativeInfinity, 1e38f);
        numbers.AsSpan(4 * Columns, Columns).Fill(float.NaN);
        numbers.AsSpan(5 * Columns, Columns).Fill(float.Epsilon);
        Assert.Equal(Expected(type, kind).Length, Encode(type, kind, numbers).Length);
    }

    private static byte[] Encode(TensorType type, string kind, float[]? numbers = null)
    {
        numbers ??= Floats("input.f32");
        var bytes = new byte[type.ByteLength(numbers.Length)];
        TensorFormats.Of(type).Encoder!.Encode(numbers, bytes, Columns, kind == "imatrix" ? Floats("imatrix.f32") : default);
        return bytes;
    }

    private static byte[] Expected(TensorType type, string kind) => File.ReadAllBytes(SharedFixtures.Local($"quantization/{type}.{kind}.bin"));

    private static float[] Floats(string file) => MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(SharedFixtures.Local($"quantization/{file}"))).ToArray();
}
