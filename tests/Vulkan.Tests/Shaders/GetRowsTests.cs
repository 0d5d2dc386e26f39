using ArchGen.Formats;
using ArchGen.Vulkan.Devices;
using ArchGen.Vulkan.Execution;
using ArchGen.Vulkan.Modules;

namespace ArchGen.Vulkan.Tests.Shaders;

/// <summary>Rows of tables, as get_rows.comp decodes them: bit for bit what the processor makes of them.</summary>
public sealed unsafe class GetRowsTests : IDisposable
{
    private const int TableRows = 300, GroupSize = 64, Gap = 3;
    private const float Untouched = 1234.5f;

    private readonly LogicalDevice _device = OpenDevice();
    private readonly MemoryPool _memory;

    public GetRowsTests() => _memory = new MemoryPool(_device, MemoryUse.Upload);

    public static TheoryData<TensorType> Types => [.. TensorFormats.All.Where(format => format.IsDecodable).Select(format => format.Type)];

    public void Dispose() => _memory.Dispose();

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

    private static LogicalDevice OpenDevice()
    {
        var device = VulkanDevice.All.FirstOrDefault(device => device.IsUsable);
        Assert.SkipWhen(device is null, "No Vulkan device can be used.");
        return device.Open();
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
                if (float.IsNaN(want) && float.IsNaN(got)) continue;
                Assert.True(
                    BitConverter.SingleToUInt32Bits(want) == BitConverter.SingleToUInt32Bits(got),
                    $"{type.Name} at offset {offset}: element {j} of row {rows[i]} is {got:R}, not {want:R}");
            }
        }
    }

    private float[] Run(TensorType type, byte[] table, int width, int offset, FrameIds frame)
    {
        var source = _memory.Allocate(offset + table.Length);
        table.CopyTo(new Span<byte>((byte*)source.Mapped + offset, table.Length));
        var count = frame.Tokens.Length;
        var result = _memory.Allocate((long)count * (width + Gap) * sizeof(float));
        var floats = new Span<float>((float*)result.Mapped, count * (width + Gap));
        floats.Fill(Untouched);
        var view = new ValueView(result.Address, 1, width, width + Gap, width);
        var push = new PushConstants().Add(width).Add(Frame(frame)).Add(source.Address + (ulong)offset).Add((ulong)type.ByteLength(width)).Add(view)
            .ToBytes().ToArray();
        BitConverter.TryWriteBytes(push, count);
        var shader = $"get_rows.{type.Name}";
        var pipeline = _device.Pipelines.Get(shader, () => ShaderPack.Current.Words(shader), GroupSize, frame.Kind);
        using var queue = new CommandQueue(_device);
        // Fewer workgroups than there are eights: shaders go on.
        queue.Dispatch(pipeline, push, 2, 1, 1);
        queue.Wait();
        return floats.ToArray();
    }

    // The struct Frame of addresses.glsl: four numbers, then addresses, of which the shader needs two.
    private ulong Frame(FrameIds frame)
    {
        var header = _memory.Allocate(128);
        var addresses = (ulong*)(header.Mapped + (4 * sizeof(uint)));
        (addresses[0], addresses[1]) = (Upload(frame.Tokens), Upload(frame.Positions));
        return header.Address;
    }

    private ulong Upload(int[] numbers)
    {
        var range = _memory.Allocate(numbers.Length * sizeof(int));
        numbers.CopyTo(new Span<int>((int*)range.Mapped, numbers.Length));
        return range.Address;
    }

    /// <summary>What a micro-batch has for ids, and which of it is wanted.</summary>
    private sealed record FrameIds(uint Kind, int[] Tokens, int[] Positions);
}
