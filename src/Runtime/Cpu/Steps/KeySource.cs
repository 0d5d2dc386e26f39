using ArchGen.Cpu.Cache;
using ArchGen.Runtime.Cache;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Planning;

namespace ArchGen.Cpu.Steps;

/// <summary>The keys that a sequence's queries may see.</summary>
/// <param name="cells">The row of each; null where key i is row i.</param>
/// <param name="positions">The position of each, ascending; null if positions are not used.</param>
/// <param name="count">Their number.</param>
internal readonly unsafe struct KeyList(int* cells, int* positions, int count)
{
    public readonly int* Cells = cells;
    public readonly int* Positions = positions;
    public readonly int Count = count;

    /// <summary>The number of keys before a position.</summary>
    public int Before(long position)
    {
        int low = 0, high = Count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (Positions[middle] < position) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}

/// <summary>The source of keys and values of attention: the cache, the rows of the batch, or the encoder's output.</summary>
internal abstract unsafe class KeySource
{
    /// <summary>The cache of new keys and values, or null.</summary>
    public virtual KvLayer? Layer => null;

    public bool ValuesInKeys => Layer?.ValuesInKeys ?? false;

    public abstract KeyList Keys(Frame frame, SequenceSpan span);

    /// <summary>The range of keys that a query at a position sees.</summary>
    public abstract (int Low, int High) Visible(KeyList keys, int position);

    public int Count(Frame frame, SequenceSpan span) => Keys(frame, span).Count;

    public virtual byte* KeyRows(TensorView k, int head) => (byte*)k.Row(0, head);

    public virtual long KeyStride(TensorView k) => k.RowStride * sizeof(float);

    public virtual byte* ValueRows(TensorView v, int head) => (byte*)v.Row(0, head);

    public virtual long ValueStride(TensorView v) => v.RowStride * sizeof(float);
}

/// <summary>Keys at the query's position and before it, kept from batch to batch.</summary>
internal sealed unsafe class CachedKeys(CellTable table, KvLayer layer, int window) : KeySource
{
    public override KvLayer Layer => layer;

    public override KeyList Keys(Frame frame, SequenceSpan span) => new(table.Cells(span.Sequence), table.Positions(span.Sequence), table.Count(span.Sequence));

    public override (int Low, int High) Visible(KeyList keys, int position) =>
        (window > 0 ? keys.Before((long)position - window + 1) : 0, keys.Before((long)position + 1));

    public override byte* KeyRows(TensorView k, int head) => layer.Keys(head);

    public override long KeyStride(TensorView k) => layer.KeyBytes;

    public override byte* ValueRows(TensorView v, int head) => layer.Values(head);

    public override long ValueStride(TensorView v) => layer.ValueBytes;
}

/// <summary>All keys of the sequence in this batch, or those at most half a window away.</summary>
internal sealed unsafe class BatchKeys(int window) : KeySource
{
    public override KeyList Keys(Frame frame, SequenceSpan span) => new(frame.Order + span.Start, frame.OrderedPositions + span.Start, span.Count);

    public override (int Low, int High) Visible(KeyList keys, int position) => window > 0
        ? (keys.Before((long)position - (window / 2)), keys.Before((long)position + (window / 2) + 1))
        : (0, keys.Count);
}

/// <summary>All rows of the encoder.</summary>
internal sealed unsafe class EncoderKeys : KeySource
{
    public override KeyList Keys(Frame frame, SequenceSpan span) => new(null, null, frame.EncoderCount);

    public override (int Low, int High) Visible(KeyList keys, int position) => (0, keys.Count);
}
