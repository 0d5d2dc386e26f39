namespace ArchGen.Vulkan.Modules;

/// <summary>Where the elements of the operands lie, and of the result, which is the last of them.</summary>
internal sealed class ElementPlaces
{
    private readonly FunctionWriter _writer;
    private readonly uint[] _sizes;
    private readonly uint[][] _strides;

    /// <summary>Reads what does not depend on the element, before the loop.</summary>
    public ElementPlaces(FunctionWriter writer, PushBlock push, ElementwiseLayout layout)
    {
        _writer = writer;
        _sizes = [push.Size(writer, 0), push.Size(writer, 1), push.Size(writer, 2)];
        Count = writer.Product(writer.Product(_sizes[0], _sizes[1]), _sizes[2]);
        Addresses = [.. Enumerable.Range(0, push.Operands).Select(i => push.Address(writer, i))];
        int[] dimensions = layout switch { ElementwiseLayout.Flat => [], ElementwiseLayout.Rows => [0, 2], _ => [0, 1, 2] };
        _strides = [.. Enumerable.Range(0, push.Operands).Select(i => dimensions.Select(d => push.Stride(writer, i, d)).ToArray())];
    }

    /// <summary>The number of elements.</summary>
    public uint Count { get; }

    /// <summary>The addresses of the operands.</summary>
    public uint[] Addresses { get; }

    /// <summary>The place of the element of an index in all operands.</summary>
    public Place At(uint index)
    {
        if (_strides[0].Length == 0) return new Place(this, index, []);
        var (outer, column) = _writer.Divide(index, _sizes[2]);
        if (_strides[0].Length == 2) return new Place(this, index, [outer, column]);
        var (row, head) = _writer.Divide(outer, _sizes[1]);
        return new Place(this, index, [row, head, column]);
    }

    private uint Offset(int operand, uint index, uint[] coordinates)
    {
        if (coordinates.Length == 0) return index;
        var offset = _writer.Product(coordinates[0], _strides[operand][0]);
        for (var d = 1; d < coordinates.Length; d++) offset = _writer.Sum(offset, _writer.Product(coordinates[d], _strides[operand][d]));
        return offset;
    }

    /// <summary>The place of an element.</summary>
    internal readonly struct Place(ElementPlaces places, uint index, uint[] coordinates)
    {
        /// <summary>How many elements after the address of an operand.</summary>
        public uint Of(int operand) => places.Offset(operand, index, coordinates);
    }
}
