using ArchGen.Formats;
using ArchGen.Gguf;
using CsCheck;

namespace ArchGen.Gguf.Tests;

/// <summary>What is written is read, whatever the keys, values and tensors are.</summary>
public sealed class GgufRoundTripTests
{
    /// <summary>A whole character: what UTF-8 can hold.</summary>
    private static readonly Gen<string> AnyRune = Gen.OneOf(Gen.Int[0, 0xD7FF], Gen.Int[0xE000, 0x10FFFF]).Select(c => char.ConvertFromUtf32(c));

    private static readonly Gen<GgufValue> AnyScalar = Gen.OneOf(
        Gen.Byte.Select(GgufValue.From),
        Gen.SByte.Select(GgufValue.From),
        Gen.UShort.Select(GgufValue.From),
        Gen.Short.Select(GgufValue.From),
        Gen.UInt.Select(GgufValue.From),
        Gen.Int.Select(GgufValue.From),
        Gen.ULong.Select(GgufValue.From),
        Gen.Long.Select(GgufValue.From),
        Gen.Single.Select(GgufValue.From),
        Gen.Double.Select(GgufValue.From),
        Gen.Bool.Select(GgufValue.From),
        Texts(20).Select(GgufValue.From));

    private static readonly Gen<GgufValue> AnyValue = Gen.OneOf(
        AnyScalar,
        Gen.Byte.Array[0, 9].Select(GgufValue.From),
        Gen.Int.Array[0, 9].Select(GgufValue.From),
        Gen.Single.Array[0, 9].Select(GgufValue.From),
        Gen.Bool.Array[0, 9].Select(GgufValue.From),
        Texts(9).Array[0, 9].Select(GgufValue.From),
        Gen.Long.Array[0, 3].Select(GgufValue.From).Array[1, 3].Select(GgufValue.From));

    private static readonly Gen<(TensorType Type, long[] Dimensions)> AnyTensor = Gen.Select(
        Gen.OneOf([.. TensorTypes.All]), Gen.Long[1, 3], Gen.Long[1, 4].Array[0, 3],
        (type, blocks, more) => (type, (long[])[blocks * type.BlockSize, .. more]));

    private static Gen<string> Texts(int longest) => AnyRune.Array[0, longest].Select(parts => string.Concat(parts));

    [Fact]
    public void What_is_written_is_read() => Gen.Select(Gen.Dictionary(Texts(12), AnyValue)[0, 8], AnyTensor.Array[0, 5]).Sample(
        (pairs, tensors) =>
        {
            var metadata = new GgufMetadata("written.gguf");
            foreach (var (key, value) in pairs)
                metadata["x." + key] = value;
            var writer = new GgufWriter(metadata);
            for (var i = 0; i < tensors.Length; i++)
            {
                var bytes = (int)tensors[i].Type.ByteLength(tensors[i].Dimensions.Aggregate((a, b) => a * b));
                writer.Add($"tensor {i}", tensors[i].Type, tensors[i].Dimensions, SmallModel.Data(bytes));
            }

            var stream = new MemoryStream();
            writer.WriteTo(stream);
            stream.Position = 0;

            using var file = GgufFile.FromStream(stream, "written.gguf");
            Assert.Equal(metadata.Select(pair => pair.Key), file.Metadata.Select(pair => pair.Key));
            foreach (var (key, value) in metadata)
                GgufAssert.Equal(value, file.Metadata[key]);
            Assert.Equal(tensors.Select((tensor, i) => $"tensor {i}: {tensor.Type} {string.Join('x', tensor.Dimensions)}"),
                file.Tensors.Select(tensor => $"{tensor.Name}: {tensor.Type} {string.Join('x', tensor.Dimensions)}"));
            Assert.All(file.Tensors, tensor => Assert.Equal(SmallModel.Data((int)tensor.ByteLength), tensor.Span.ToArray()));
        },
        iter: 2000);
}
