using System.Runtime.CompilerServices;
using ArchGen.Eager;
using ArchGen.Graphs;
using ArchGen.Runtime.Cache;
using ArchGen.Runtime.Planning;
using ArchGen.Vulkan.Devices;

namespace ArchGen.Vulkan.Execution;

/// <content>Attention, and what belongs to its queries.</content>
internal sealed unsafe partial class StepCompiler
{
    // Tables of a plan share blocks of this size.
    private const long TableBytesAhead = 1 << 16;

    /// <summary>Raised where keys or values do not fit the cache.</summary>
    public CacheFlags CacheFlags { get; } = new(session.Device);

    private IEnumerable<DeviceStep> Attend(AttentionOperation step)
    {
        var cache = step.Cache is null ? null : session.Memory.Cache(step.Cache);
        var (reads, writes) = (step.Reads.Select(v => memory.Addresses(v.Buffer)).ToArray(), new[] { memory.Addresses(step.Result.Buffer) });
        AddressRange[] scratch = [.. Scratch(step)], cached = cache is null ? [] : [Range(cache.Keys), Range(cache.Values)];
        var steps = new List<DeviceStep>();
        if (cache is not null && step.Stores) steps.Add(Store(step, cache));

        var shape = new AttentionShape(step, session);
        var (hole, operands) = After(step.After, step.Result);
        var block = BlockOf(step, cache, operands);
        var address = Upload<AttentionBlock>([block]);
        var window = step.Node.Op == Op.CrossAttention ? 0 : step.Node.Attributes.Int32(Attr.Window);
        var keys = new KeyCount(cache is null ? null : session.Memory.Cells, step.Origin == KeyOrigin.Encoder, window);
        uint[] common = [(uint)step.Origin, TypeOf(cache), IsAligned(step, block, TypeOf(cache)) ? 1u : 0, (uint)step.Query.Width, (uint)step.Value.Width];
        uint[] ofFew = [(uint)shape.FewHeads, (uint)shape.KeyLanes, (uint)shape.ValueLanes, (uint)shape.KeptQuads];
        var few = shape.FewHeads == 0 ? null : PipelineWith([hole], "attention_few", [(uint)shape.FewLanes, .. common, .. ofFew]);
        var tiles = PipelineWith([hole], "attention_tiles", [AttentionShape.Lanes, .. common, (uint)shape.TileQueries, (uint)shape.QueryQuads]);
        var limit = session.Limits.Groups;
        steps.Add(new AttendStep(shape, keys, address, few, tiles, limit) { Reads = [.. reads, .. cached], Writes = [.. writes, .. scratch] });
        if (shape.FewHeads > 0 && step.Origin != KeyOrigin.Batch)
        {
            var merge = PipelineWith([hole], "attention_merge", [AttentionShape.Lanes, .. common]);
            steps.Add(new MergeStep(shape, keys, address, merge, limit) { Kind = "attention, merge", Reads = [.. reads, .. scratch], Writes = writes });
        }

        return steps;
    }

    private ShaderStep Store(AttentionOperation step, DeviceCache cache)
    {
        var values = cache.Spec.ValuesInKeys ? null : step.Value;
        var push = new PushConstants().Add(step.Key.Heads).Add(frame);
        PushStore(push, step, step.Key, cache.Keys, cache.KeyBytes);
        if (values is not null) PushStore(push, step, values, cache.Values, cache.ValueBytes);
        var units = UnitsOf(step.Key.Width) + (values is null ? 0 : UnitsOf(values.Width));
        var compiled = Shader(Pipeline("store_keys", GroupSize, TypeOf(cache)), push, step.Key.Rows, new Grid((long)step.Key.Heads * units, GroupSize));
        compiled.Reads = [.. new[] { step.Key, values }.OfType<PlanValue>().Select(value => memory.Addresses(value.Buffer))];
        compiled.Writes = [Range(cache.Keys), Range(cache.Values)];
        compiled.Kind = "attention, store";
        return compiled;
    }

    private void PushStore(PushConstants push, AttentionOperation step, PlanValue value, MemoryRange range, long bytes) => push
        .Add(memory.View(value)).Add(range.Address).Add((ulong)(bytes * session.Memory.Cells.Capacity))
        .Add(CacheFlags.Add(step.Node, value == step.Key, session.Memory.Type)).Add(value.Width).Add(checked((uint)bytes));

    private int UnitsOf(int width) => session.Memory.Type == CacheType.Q8_0 ? (width + 31) / 32 : width;

    private AttentionBlock BlockOf(AttentionOperation step, DeviceCache? cache, ulong operands)
    {
        var (node, heads) = (step.Node, step.Query.Heads);
        var isCross = step.Origin == KeyOrigin.Encoder;
        var maxBias = isCross ? 0 : node.Attributes.Single(Attr.AlibiMaxBias);
        var block = new AttentionBlock
        {
            Frame = frame,
            Query = new ShaderView(memory.View(step.Query)),
            Result = new ShaderView(memory.View(step.Result) with { HeadStride = step.Value.Width }),
            Sinks = memory.Address(step.Sinks),
            Bias = memory.Address(step.Bias),
            Partials = step.Scratch.Count == 0 ? 0 : memory.Range(step.Scratch[0]).Address,
            Heads = (uint)heads,
            Group = (uint)(heads / step.Key.Heads),
            Window = isCross ? 0 : (uint)Math.Max(0, node.Attributes.Int32(Attr.Window)),
            Factor = node.Attributes.Single(Attr.Factor),
            Softcap = isCross ? 0 : node.Attributes.Single(Attr.Softcap),
            Operands = operands,
        };
        if (maxBias > 0)
            block.Slopes = Upload<float>([.. Enumerable.Range(0, heads).Select(head => (float)RelativePosition.AlibiSlope(head, heads, maxBias))]);
        if (step.Bias is not null)
        {
            block.MaxDistance = (int)(node.Attributes.Find(Attr.BucketsMaxDistance) ?? 128);
            block.Buckets = Upload<int>(BucketsOf(node, step.Bias.Heads, block.MaxDistance));
        }

        if (cache is null) block.Place(KeyRows.Of(memory.View(step.Key)), KeyRows.Of(memory.View(step.Value)));
        else block.Place(RowsOf(cache.Keys, cache.KeyBytes), RowsOf(cache.Values, cache.ValueBytes));
        return block;
    }

    // T5's bucket of each distance of a key from its query, from the most negative on.
    private static int[] BucketsOf(Node node, int buckets, int maxDistance)
    {
        var isBidirectional = node.Attributes.Int32(Attr.Mask) == (int)AttentionMask.Bidirectional;
        return [.. Enumerable.Range(-maxDistance, (2 * maxDistance) + 1).Select(
            distance => RelativePosition.Bucket(0, distance, buckets, maxDistance, isBidirectional))];
    }

    private KeyRows RowsOf(MemoryRange range, long bytes) => new(range.Address, bytes * session.Memory.Cells.Capacity, bytes);

    // Whether queries, keys and values can be read in fours.
    private bool IsAligned(AttentionOperation step, AttentionBlock block, uint type)
    {
        if (step.Query.Width % 4 != 0 || step.Value.Width % 4 != 0 || !KeyRows.Of(memory.View(step.Query)).IsAligned(16)) return false;
        var bytes = type == 0 ? 16 : 8;
        return type == 2 || (new KeyRows(block.Keys, (long)block.KeyHeadBytes, block.KeyBytes).IsAligned(bytes)
            && new KeyRows(block.Values, (long)block.ValueHeadBytes, block.ValueBytes).IsAligned(bytes));
    }

    private uint TypeOf(DeviceCache? cache) => cache is null ? 0u : session.Memory.Type switch { CacheType.F32 => 0u, CacheType.F16 => 1u, _ => 2u };

    private ulong Upload<T>(ReadOnlySpan<T> elements)
        where T : unmanaged
    {
        var range = _tables.Allocate((long)elements.Length * Unsafe.SizeOf<T>(), TableBytesAhead);
        elements.CopyTo(new Span<T>((void*)range.Mapped, elements.Length));
        return range.Address;
    }

    private static AddressRange Range(MemoryRange range) => new(range.Address, range.Address + (ulong)range.Bytes);

    private ShaderStep Temper(Operation step)
    {
        var y = step.Result;
        var table = new TemperatureHostTable(_tables.Allocate((long)memory.Limits.Tokens * sizeof(float), TableBytesAhead), step.Node);
        _hostTables.Add(table);
        var push = new PushConstants().Add(y.Heads).Add(y.Width).Add(table.Address).Add(memory.View(step[Slot.Query])).Add(memory.View(y));
        return Shader(Pipeline("scale_rows", GroupSize), push, y.Rows, new Grid(y.ElementsPerRow, GroupSize));
    }
}
