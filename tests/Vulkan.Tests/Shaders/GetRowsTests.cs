using ArchGen.Formats;
using ArchGen.Vulkan.Execution;
using ArchGen.Vulkan.Modules;
using ArchGen.Vulkan.Tests.Modules;

namespace ArchGen.Vulkan.Tests.Shaders;

/// <summary>Rows of tables, as get_rows.comp decodes them: bit for bit what the processor makes of them.</summary>
public sealed unsafe class GetRowsTests : IDisposable
{
    private const int TableRows = 300, GroupSize = 64, Gap = 3;
    private const float Untouched = 1234.5f;

    private readonly DeviceFloats _floats = new();

    public static TheoryData<TensorType> Types => [.. TensorFormats.All.Where(format => format.IsDecodable).Select(format => format.Type)];

    public void Dispose() => _floats.Dispose();

    [Theory]
    [MemberData(nameof(Types))]
    public void Rows_of_any_bytes_are_those_of_the_decoder(TensorType type)
    {
        // Not whole eights where a type allows that; several blocks where it has any.
        var width = type.BlockSize == 1 ? 29 : 3 * type.BlockSize;
        var table = Table(type, width);
        int[] ids = [.. Enumerable.Range(0, TableRows), 7, 7, 0];
        new Random(2).Shuffle(ids);
        // As aligned as blocks are, not more; and as tensors are.
        foreach (var offset in new[] { Alignment(type), 0 }) Verify(type, table, width, offset, new FrameIds(0, ids, []), ids);
    }

    [Fact]
    public void Ids_are_tokens_positions_or_the_first_segment()
    {
        const int Width = 16;
        var table = Table(TensorType.F16, Width);
        int[] tokens = [5, 1, 3], positions = [8, 9, 2];
        Verify(TensorType.F16, table, Width, 0, new FrameIds(0, tokens, positions), tokens);
        Verify(TensorType.F16, table, Width, 0, new FrameIds(1, tokens, positions), positions);
        Verify(TensorType.F16, table, Width, 0, new FrameIds(2, tokens, positions), [0, 0, 0]);
    }

    private static int Alignment(TensorType type) => type.BytesPerBlock % 4 == 0 ? 4 : type.BytesPerBlock % 2 == 0 ? 2 : 1;

    // Random blocks; each value of the first byte, as the powers of two among scales are.
    private static byte[] Table(TensorType type, int width)
    {
        var table = new byte[type.ByteLength((long)TableRows * width)];
        new Random(1).NextBytes(table);
        for (var i = 0; i < 256; i++) table[i * type.BytesPerBlock] = (byte)i;
        return table;
    }

    private void Verify(TensorType type, byte[] table, int width, int offset, FrameIds frame, int[] rows)
    {
        var actual = Run(type, table, width, offset, frame);
        var rowBytes = (int)type.ByteLength(width);
        var expected = new float[width + Gap];
        for (var i = 0; i < rows.Length; i++)
        {
            expected.AsSpan(width).Fill(Untouched);
            TensorFormats.Of(type).Decoder.Decode(table.AsSpan(rows[i] * rowBytes, rowBytes), expected.AsSpan(0, width));
            for (var j = 0; j < expected.Length; j++)
            {
                float want = expected[j], got = actual[(i * expected.Length) + j];
                // NaNs need not have the same bits.
                if (BitConverter.SingleToUInt32Bits(want) == BitConverter.SingleToUInt32Bits(got) || (float.IsNaN(want) && float.IsNaN(got))) continue;
                Assert.Fail($"{type.Name} at offset {offset}: element {j} of row {rows[i]} is {got:R}, not {want:R}");
            }
        }
    }

    private float[] Run(TensorType type, byte[] table, int width, int offset, FrameIds frame)
    {
        var address = Upload<byte>([.. new byte[offset], .. table]) + (ulong)offset;
        var count = frame.Tokens.Length;
        var result = _floats.New(count * (width + Gap));
        var elements = DeviceFloats.Of<float>(result);
        elements.Fill(Untouched);
        // The struct Frame of addresses.glsl: four numbers, then addresses, of which the shader needs two.
        var header = Upload([0ul, 0ul, Upload(frame.Tokens), Upload(frame.Positions)]);
        var view = new ValueView(result.Address, 1, width, width + Gap, width);
        var push = new PushConstants().Add(width).Add(header).Add(address).Add((ulong)type.ByteLength(width)).Add(view).ToBytes().ToArray();
        BitConverter.TryWriteBytes(push, count);
        var shader = $"get_rows.{type.Name}";
        var pipeline = _floats.Device.Pipelines.Get(shader, () => ShaderPack.Current.Words(shader), GroupSize, frame.Kind).Handle;
        // Fewer invocations than there are eights: the shader goes on.
        _floats.Queue.Dispatch(pipeline, push, 2, 1, 1);
        _floats.Queue.Wait();
        return elements.ToArray();
    }

    private ulong Upload<T>(T[] items) where T : unmanaged
    {
        var range = _floats.New(((items.Length * sizeof(T)) + sizeof(float) - 1) / sizeof(float));
        items.CopyTo(DeviceFloats.Of<T>(range));
        return range.Address;
    }

    /// <summary>What a micro-batch has for ids, and which of it is wanted.</summary>
    private sealed record FrameIds(uint Kind, int[] Tokens, int[] Positions);
}
