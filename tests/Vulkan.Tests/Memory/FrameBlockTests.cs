using System.Runtime.InteropServices;
using ArchGen.Runtime.Backends;
using ArchGen.Runtime.Cache;
using ArchGen.Runtime.Execution;
using ArchGen.Vulkan.Execution;

namespace ArchGen.Vulkan.Tests.Memory;

/// <summary>What shaders read of a sequence's cells is what the table has, though only changes are written.</summary>
public sealed unsafe class FrameBlockTests
{
    private const int Cells = 40;
    private const int Sequences = 4;

    // Of the struct Frame in addresses.glsl.
    private const int AddressesOffset = 4 * sizeof(uint);
    private const int OrderArray = 4;
    private const int CountsArray = 10;

    /// <summary>Red if a change is missed, whatever happened to the sequences since the last micro-batch.</summary>
    [Fact]
    public void Cells_are_those_of_the_table_after_any_change()
    {
        var random = new Random(1);
        using var cells = new CellTable(Cells, Sequences);
        using var block = Open(cells);
        using var frame = new Frame(1) { SpanCount = 1 };
        for (var step = 0; step < 2000; step++)
        {
            var sequence = random.Next(Sequences);
            for (var changes = random.Next(4); changes > 0; changes--) Change(cells, random);
            frame.Spans[0] = new SequenceSpan(sequence, 0, 0);
            block.Fill(frame);
            var count = Array(block, CountsArray, sequence, 1)[0];
            Assert.Equal(cells.Count(sequence), count);
            Assert.Equal(new ReadOnlySpan<int>(cells.Cells(sequence), count), Array(block, CountsArray + 1, sequence * Cells, count));
            Assert.Equal(new ReadOnlySpan<int>(cells.Positions(sequence), count), Array(block, CountsArray + 2, sequence * Cells, count));
        }
    }

    /// <summary>Red if each token writes all cells before it, also where the last token is taken back each time.</summary>
    [Theory]
    [InlineData(false, Cells)]
    [InlineData(true, 2 * Cells)]
    public void A_token_writes_its_cell_alone(bool takesBack, int most)
    {
        using var cells = new CellTable(Cells, Sequences);
        using var block = Open(cells);
        using var frame = new Frame(1) { SpanCount = 1 };
        for (var position = 0; position < Cells; position++)
        {
            cells.Append(0, position);
            block.Fill(frame);
            if (!takesBack) continue;
            cells.Truncate(0, position);
            cells.Append(0, position);
        }

        Assert.InRange(block.CopiedCells, Cells, most);
    }

    /// <summary>Red if the place after the last row has no row but, say, a position: software devices read it.</summary>
    [Fact]
    public void The_place_after_the_last_row_has_a_row()
    {
        using var cells = new CellTable(Cells, Sequences);
        using var block = Open(cells);
        using var frame = new Frame(1) { TokenCount = 1, SpanCount = 1 };
        frame.OrderedPositions[0] = 7;
        block.Fill(frame);
        Assert.Equal(0, Array(block, OrderArray, 1, 1)[0]);
    }

    private static void Change(CellTable cells, Random random)
    {
        var sequence = random.Next(Sequences);
        switch (random.Next(8))
        {
            case 0: cells.Truncate(sequence, random.Next(cells.LastPosition(sequence) + 2)); break;
            case 1: cells.Copy(random.Next(Sequences), sequence); break;
            case 2: cells.Truncate(sequence, 0); break;
            default:
                if (cells.Free > 0 && cells.Count(sequence) < Cells) cells.Append(sequence, cells.LastPosition(sequence) + random.Next(1, 3));
                break;
        }
    }

    private static FrameBlock Open(CellTable cells) => new(TestDevice.Get().Open(), 1, new SessionOptions(null!, cells, CacheType.F32, Sequences, Sequences));

    private static ReadOnlySpan<int> Array(FrameBlock block, int array, int first, int count)
    {
        var address = MemoryMarshal.Read<ulong>(block.Bytes[(AddressesOffset + (array * sizeof(ulong)))..]);
        return MemoryMarshal.Cast<byte, int>(block.Bytes[(int)(address - block.Address)..]).Slice(first, count);
    }
}
