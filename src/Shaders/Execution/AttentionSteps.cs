using System.Buffers.Binary;
using System.Numerics;
using ArchGen.Runtime.Cache;
using ArchGen.Runtime.Execution;
using ArchGen.Vulkan.Devices;

namespace ArchGen.Vulkan.Execution;

/// <summary>What the steps of an attention have in common.</summary>
/// <param name="shape">How it is cut.</param>
/// <param name="keys">Counts the keys that the longest of the micro-batch's sequences has.</param>
/// <param name="block">The address of its numbers.</param>
/// <param name="groupLimit">The largest number of workgroups.</param>
internal abstract class AttentionStep(AttentionShape shape, KeyCount keys, ulong block, uint groupLimit) : DeviceStep
{
    private readonly byte[] _push = [.. new PushConstants().Add(0u).Add(block).ToBytes()];

    public override ReadOnlySpan<byte> Push => _push;

    /// <summary>What its commands depend on besides the numbers of rows, as do those of all steps with the same.</summary>
    public (AttentionShape Shape, KeyCount Keys) Dependence => (shape, keys);

    protected AttentionShape Shape => shape;

    protected KeyCount Keys => keys;

    /// <summary>Parts that the keys are split into. All steps of an attention come to the same number.</summary>
    protected int Splits(Frame frame) => shape.IsFew(frame) ? shape.Splits(frame.TokenCount, keys.Of(frame)) : 1;

    protected void Dispatch(CommandQueue queue, DevicePipeline pipeline, long rows, int splits, long groups)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_push, checked((uint)rows));
        BinaryPrimitives.WriteInt32LittleEndian(_push.AsSpan(sizeof(uint)), splits);
        queue.Dispatch(pipeline.Handle, _push, (uint)Math.Min(groups, groupLimit), 1, 1);
    }
}

/// <summary>Attends to the keys, or to parts of them.</summary>
/// <param name="shape">How it is cut.</param>
/// <param name="keys">Counts the keys.</param>
/// <param name="block">The address of its numbers.</param>
/// <param name="few">The shader for few rows; nothing if they do not fit it.</param>
/// <param name="tiles">The shader for many.</param>
/// <param name="groupLimit">The largest number of workgroups.</param>
internal sealed class AttendStep(AttentionShape shape, KeyCount keys, ulong block, DevicePipeline? few, DevicePipeline tiles, uint groupLimit)
    : AttentionStep(shape, keys, block, groupLimit)
{
    public override WorkCounts Counts(Frame frame)
    {
        var (read, pairs) = Keys.WorkOf(frame);
        return base.Counts(frame) with { Keys = read, Pairs = pairs };
    }

    /// <summary>
    /// What its commands depend on besides the numbers of rows: equal numbers, equal commands. Twice as many keys, which are twice the work, count as others.
    /// </summary>
    public long ShapeOf(Frame frame)
    {
        var size = (long)BitOperations.Log2((uint)Keys.Of(frame));
        return Shape.IsFew(frame) ? (size << 32) | (uint)Splits(frame) : ~((size << 32) | Shape.Tiles(frame));
    }

    public override void Record(CommandQueue queue, Frame frame)
    {
        if (frame.TokenCount == 0) return;
        if (Shape.IsFew(frame))
        {
            var splits = Splits(frame);
            Dispatch(queue, few!, frame.TokenCount, splits, Shape.FewGroups(frame.TokenCount, splits));
        }
        else
        {
            var count = Shape.Tiles(frame);
            Dispatch(queue, tiles, count, 1, count);
        }
    }
}

/// <summary>Merges what parts of the keys have given, if they were split.</summary>
/// <param name="shape">How it is cut.</param>
/// <param name="keys">Counts the keys.</param>
/// <param name="block">The address of its numbers.</param>
/// <param name="merge">The shader.</param>
/// <param name="groupLimit">The largest number of workgroups.</param>
internal sealed class MergeStep(AttentionShape shape, KeyCount keys, ulong block, DevicePipeline merge, uint groupLimit)
    : AttentionStep(shape, keys, block, groupLimit)
{
    public override void Record(CommandQueue queue, Frame frame)
    {
        if (frame.TokenCount > 0 && Splits(frame) is > 1 and var splits)
            Dispatch(queue, merge, frame.TokenCount, splits, (long)frame.TokenCount * Shape.Heads);
    }
}

/// <summary>Counts the keys that a micro-batch's queries see.</summary>
/// <param name="Cells">The cells of the cache that they are in, or null.</param>
/// <param name="OfEncoder">Whether they are the encoder's rows.</param>
/// <param name="Window">The most that a query sees; 0 if all.</param>
internal sealed record KeyCount(CellTable? Cells, bool OfEncoder, int Window)
{
    /// <summary>The keys of the longest sequence, at most those of a window.</summary>
    public int Of(Frame frame)
    {
        if (OfEncoder) return frame.EncoderCount;
        var longest = 0;
        for (var i = 0; i < frame.SpanCount; i++)
            longest = Math.Max(longest, Cells is null ? frame.Spans[i].Count : Cells.Count(frame.Spans[i].Sequence));
        return Window > 0 ? Math.Min(longest, Window) : longest;
    }

    /// <summary>
    /// Keys that are read, and pairs of a query and a key: exact where sequences have no gaps and each query sees those before it, otherwise at least as many.
    /// </summary>
    public (long Keys, long Pairs) WorkOf(Frame frame)
    {
        long read = 0, pairs = 0;
        for (var i = 0; i < frame.SpanCount; i++)
        {
            var rows = frame.Spans[i].Count;
            long count = OfEncoder ? frame.EncoderCount : Cells?.Count(frame.Spans[i].Sequence) ?? rows;
            read += Window > 0 ? Math.Min(count, Window + rows - 1) : count;
            // In a cache the first query does not see the rows of those after it.
            var before = Cells is null ? count : count - rows + 1;
            for (var row = 0; row < rows; row++) pairs += Seen(Cells is null ? count : before + row);
        }

        return (read, pairs);
    }

    private long Seen(long keys) => Window > 0 ? Math.Min(keys, Window) : keys;
}
