using ArchGen.Runtime.Backends;
using ArchGen.Runtime.Execution;
using ArchGen.Vulkan.Devices;

namespace ArchGen.Vulkan.Execution;

/// <summary>
/// The micro-batch in memory that shaders read: the struct Frame of addresses.glsl, then its arrays. Written by the processor before each run.
/// </summary>
internal sealed unsafe class FrameBlock : IDisposable
{
    private const int HeaderBytes = 4 * sizeof(uint) + (ArrayCount * sizeof(ulong)) + (2 * sizeof(uint));
    private const int ArrayCount = 13;
    private const int Order = 4;

    private readonly MemoryPool _pool;
    private readonly MemoryRange _range;
    private readonly int*[] _arrays = new int*[ArrayCount];
    private readonly SessionOptions _options;
    private readonly (long Removal, int Count)[] _copied;

    /// <summary>Allocates it.</summary>
    /// <param name="device">The device.</param>
    /// <param name="tokens">Tokens of the largest micro-batch.</param>
    /// <param name="options">The sequences of the context and their cells.</param>
    public FrameBlock(LogicalDevice device, int tokens, SessionOptions options)
    {
        _options = options;
        _copied = new (long, int)[options.MaxSequences];
        _pool = new MemoryPool(device, MemoryUse.Upload);
        var cells = (long)options.MaxSequences * options.Cells.Capacity;
        var sizes = new long[ArrayCount];
        Array.Fill(sizes, tokens, 0, 10);
        // The place after the last stays 0 (below).
        sizes[Order]++;
        (sizes[10], sizes[11], sizes[12]) = (options.MaxSequences, cells, cells);
        _range = _pool.Allocate(HeaderBytes + (sizes.Sum() * sizeof(int)));
        // Mesa 26's software driver reads at an address that is the same for all invocations after the last round of a loop, too: it must be that of a row.
        new Span<byte>((void*)_range.Mapped, checked((int)_range.Bytes)).Clear();
        var addresses = (ulong*)(_range.Mapped + (4 * sizeof(uint)));
        long offset = HeaderBytes;
        for (var i = 0; i < ArrayCount; i++)
        {
            addresses[i] = _range.Address + (ulong)offset;
            _arrays[i] = (int*)(_range.Mapped + (nint)offset);
            offset += sizes[i] * sizeof(int);
        }

        *(uint*)(addresses + ArrayCount) = (uint)options.Cells.Capacity;
    }

    /// <summary>What shaders reach it by.</summary>
    public ulong Address => _range.Address;

    /// <summary>What it has now.</summary>
    public ReadOnlySpan<byte> Bytes => new((void*)_range.Mapped, checked((int)_range.Bytes));

    /// <summary>Cells of sequences that have been written so far.</summary>
    public long CopiedCells { get; private set; }

    /// <summary>Writes the micro-batch. The device must not be reading it.</summary>
    public void Fill(Frame frame)
    {
        var header = (int*)_range.Mapped;
        (header[0], header[1], header[2], header[3]) = (frame.TokenCount, frame.OutputCount, frame.EncoderCount, frame.SpanCount);
        Copy(frame.Tokens, 0, frame.TokenCount);
        Copy(frame.Positions, 1, frame.TokenCount);
        Copy(frame.Cells, 2, frame.TokenCount);
        Copy(frame.OutputRows, 3, frame.OutputCount);
        Copy(frame.Order, Order, frame.TokenCount);
        Copy(frame.OrderedPositions, 5, frame.TokenCount);
        for (var i = 0; i < frame.SpanCount; i++)
        {
            var span = frame.Spans[i];
            (_arrays[6][i], _arrays[7][i], _arrays[8][i]) = (span.Sequence, span.Start, span.Count);
            new Span<int>(_arrays[9] + span.Start, span.Count).Fill(i);
            CopyKeys(span.Sequence);
        }
    }

    public void Dispose() => _pool.Dispose();

    // Only what was appended since the last time: a sequence may have many cells, and a step adds one.
    private void CopyKeys(int sequence)
    {
        var cells = _options.Cells;
        var (removal, count) = (cells.LastRemoval(sequence), cells.Count(sequence));
        var (number, first) = _copied[sequence];
        if (number == removal.Number - 1) first = Math.Min(first, removal.Kept);
        else if (number != removal.Number) first = 0;
        var start = (long)sequence * cells.Capacity;
        _arrays[10][sequence] = count;
        new ReadOnlySpan<int>(cells.Cells(sequence) + first, count - first).CopyTo(new Span<int>(_arrays[11] + start + first, count - first));
        new ReadOnlySpan<int>(cells.Positions(sequence) + first, count - first).CopyTo(new Span<int>(_arrays[12] + start + first, count - first));
        _copied[sequence] = (removal.Number, count);
        CopiedCells += count - first;
    }

    private void Copy(int* source, int array, int count) => new ReadOnlySpan<int>(source, count).CopyTo(new Span<int>(_arrays[array], count));
}
