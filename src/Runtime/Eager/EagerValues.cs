using ArchGen.Graphs;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Planning;

namespace ArchGen.Eager;

/// <summary>The values of a plan, each buffer in a separate array.</summary>
internal sealed class EagerValues(EagerSession session)
{
    private readonly Dictionary<PlanBuffer, float[]> _buffers = new(ReferenceEqualityComparer.Instance);

    /// <summary>The shape of a node's result.</summary>
    public static int[] Dims(Node node, int rows) => [.. node.Shape.Select(dim => dim.IsConstant(out var size) ? checked((int)size) : rows)];

    /// <summary>An operand of a node: a weight, ids of the micro-batch, or a value. Null of a state, which the definitions begin with zeros.</summary>
    public unsafe Operand? Operand(Node input, PlanValue? value, Frame frame)
    {
        switch (input.Op)
        {
            case Op.Weight: return session.Weight(input);
            case Op.Tokens: return Ids(new ReadOnlySpan<int>(frame.Tokens, frame.TokenCount));
            case Op.Positions: return Ids(new ReadOnlySpan<int>(frame.Positions, frame.TokenCount));
            case Op.Segments: return new Operand(new float[frame.TokenCount], [frame.TokenCount]);
            case Op.State: return null;
        }

        var rows = frame.RowsOf(value!.Rows);
        var elements = Read(value, rows);
        if (input.IsInteger) elements = Array.ConvertAll(elements, element => (float)BitConverter.SingleToInt32Bits(element));
        return new Operand(elements, Dims(input, rows));
    }

    /// <summary>Writes the result of a node.</summary>
    public void Write(Node node, PlanValue value, int rows, Operand result) =>
        Write(value, rows, node.IsInteger ? Array.ConvertAll(result.Values, element => BitConverter.Int32BitsToSingle((int)element)) : result.Values);

    /// <summary>The first rows of a value, without gaps.</summary>
    public float[] Read(PlanValue value, int rows)
    {
        var result = new float[checked(rows * value.ElementsPerRow)];
        var (memory, i) = (MemoryOf(value.Buffer), 0);
        for (var row = 0; row < rows; row++)
        {
            for (var head = 0; head < value.Heads; head++, i += value.Width)
                memory.AsSpan(Place(value, row, head), value.Width).CopyTo(result.AsSpan(i));
        }

        return result;
    }

    /// <summary>Writes the first rows of a value.</summary>
    public void Write(PlanValue value, int rows, ReadOnlySpan<float> source)
    {
        var memory = MemoryOf(value.Buffer);
        for (var row = 0; row < rows; row++)
        {
            for (var head = 0; head < value.Heads; head++, source = source[value.Width..])
                source[..value.Width].CopyTo(memory.AsSpan(Place(value, row, head)));
        }
    }

    private static Operand Ids(ReadOnlySpan<int> ids)
    {
        var values = new float[ids.Length];
        for (var i = 0; i < values.Length; i++) values[i] = ids[i];
        return new Operand(values, [ids.Length]);
    }

    private static int Place(PlanValue value, int row, int head) => checked((int)(value.Offset + (row * value.RowStride) + (head * value.HeadStride)));

    private float[] MemoryOf(PlanBuffer buffer)
    {
        if (_buffers.TryGetValue(buffer, out var memory)) return memory;
        return _buffers[buffer] = buffer.Weight is { } weight ? session.Weight(weight).Values : new float[buffer.Bytes / sizeof(float)];
    }
}
