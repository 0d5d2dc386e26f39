using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using ArchGen.Fixtures;
using ArchGen.Formats;
using ArchGen.Formats.Simd;

namespace ArchGen.Formats.Tests;

/// <summary>Every tensor type has its parts: a folder with a block, a description, a decoder and an encoder where the table has them, and they agree.</summary>
public sealed partial class TensorFormatsTests
{
    private const int Weights = 4096;

    public static TheoryData<TensorType> All => [.. TensorTypes.All];

    public static TheoryData<TensorType> Decodable => [.. TensorTypes.All.Where(type => TensorFormats.Of(type).IsDecodable)];

    public static TheoryData<TensorType> Encodable => [.. TensorFormats.Encodable.Select(format => format.Type)];

    [Theory]
    [MemberData(nameof(All))]
    public void A_folder_has_what_the_table_names(TensorType type)
    {
        var format = TensorFormats.Of(type);
        Assert.Equal(type, format.Type);
        Assert.True(File.Exists(PathOf(type, $"{type}Block.cs")), $"{type}: there is no {type}Block.cs");
        Assert.Equal(format.IsDecodable, File.Exists(PathOf(type, $"{type}Decoder.cs")));
        Assert.Equal(format.IsEncodable, File.Exists(PathOf(type, $"{type}Encoder.cs")));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void The_description_tells_the_sizes(TensorType type)
    {
        var format = TensorFormats.Of(type);
        var readme = File.ReadAllText(PathOf(type, "README.md"));
        var bits = format.BitsPerWeight.ToString("0.####", CultureInfo.InvariantCulture);
        Assert.Equal(8.0 * format.BytesPerBlock / format.BlockSize, format.BitsPerWeight);
        Assert.StartsWith($"# {type}\n", readme, StringComparison.Ordinal);
        Assert.Contains($"\n| {bits} | {format.BlockSize} | {format.BytesPerBlock} | {(uint)type} |\n", readme, StringComparison.Ordinal);
        Assert.Contains("\nSource: ", readme, StringComparison.Ordinal);
        Assert.Equal(!format.IsEncodable, readme.Contains("There is no encoder.", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void The_description_lists_the_fields_of_the_block(TensorType type)
    {
        var rows = FieldRow().Matches(File.ReadAllText(PathOf(type, "README.md")));
        var block = BlockOf(type);
        Assert.Equal(block.GetFields().Where(field => !field.IsLiteral).Select(field => field.Name), rows.Select(row => row.Groups[2].Value));
        Assert.Equal(TensorFormats.Of(type).BytesPerBlock, rows.Sum(row => int.Parse(row.Groups[1].Value, CultureInfo.InvariantCulture)));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_block_has_the_registered_size(TensorType type)
    {
        var size = typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!.MakeGenericMethod(BlockOf(type)).Invoke(null, null);
        Assert.Equal(TensorFormats.Of(type).BytesPerBlock, size);
        Assert.Equal(TensorFormats.Of(type).BlockSize, BlockOf(type).GetField("Weights")!.GetRawConstantValue());
    }

    [Theory]
    [MemberData(nameof(Decodable))]
    public void Any_bits_decode_alike_with_all_vectors(TensorType type)
    {
        var format = TensorFormats.Of(type);
        var bytes = new byte[format.ByteLength(Weights)];
        new Random((int)type).NextBytes(bytes);
        var expected = Bits(format.DecoderWith(VectorWidth.Portable), bytes);
        Assert.NotEqual(new int[Weights], expected);
        foreach (var width in Enum.GetValues<VectorWidth>().Where(VectorWidths.IsSupported)) Assert.Equal(expected, Bits(format.DecoderWith(width), bytes));
        Assert.Equal(expected, Bits(format.Decoder, bytes));
    }

    [Theory]
    [MemberData(nameof(Encodable))]
    public void What_is_encoded_decodes_to_nearly_the_same(TensorType type)
    {
        var format = TensorFormats.Of(type);
        var random = new Random(5);
        var numbers = Enumerable.Range(0, Weights).Select(_ => (float)(random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5)).ToArray();
        var (bytes, decoded) = (new byte[format.ByteLength(Weights)], new float[Weights]);
        format.Encoder!.Encode(numbers, bytes, Weights, format.Encoder.NeedsImportance ? Enumerable.Repeat(1f, Weights).ToArray() : []);
        format.Decoder.Decode(bytes, decoded);
        var error = Math.Sqrt(numbers.Zip(decoded).Sum(pair => Square(pair.First - pair.Second)) / numbers.Sum(Square));
        Assert.InRange(error, 0, format.IsQuantized ? Math.Min(0.8, 4 * Math.Pow(2, -format.BitsPerWeight)) : 0.004);
    }

    [Fact]
    public void A_type_that_is_no_number_has_a_message()
    {
        var error = Assert.Throws<ModelFileException>(() => TensorFormats.Of(TensorType.I32).Decoder);
        Assert.Contains("i32", error.Message, StringComparison.Ordinal);
        var unknown = Assert.Throws<ArchGenException>(() => TensorFormats.Of((TensorType)4));
        Assert.Contains("number 4", unknown.Message, StringComparison.Ordinal);
    }

    private static double Square(float x) => (double)x * x;

    private static int[] Bits(TensorDecoder decoder, byte[] bytes)
    {
        var weights = new float[Weights];
        decoder.Decode(bytes, weights);
        // What is no number counts as equal.
        return Array.ConvertAll(weights, weight => float.IsNaN(weight) ? int.MaxValue : BitConverter.SingleToInt32Bits(weight));
    }

    private static Type BlockOf(TensorType type) => typeof(TensorFormats).Assembly.GetType($"ArchGen.Formats.{type}.{type}Block", throwOnError: true)!;

    private static string PathOf(TensorType type, string file) => Path.Combine(SharedFixtures.Root, "src/Runtime/Formats", type.ToString(), file);

    [GeneratedRegex(@"^\| (\d+) \| `(\w+)` \|", RegexOptions.Multiline)]
    private static partial Regex FieldRow();
}
