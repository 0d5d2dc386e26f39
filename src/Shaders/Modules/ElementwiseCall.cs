using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace ArchGen.Vulkan.Modules;

/// <summary>How much of an element's coordinates a kernel computes.</summary>
internal enum ElementwiseLayout
{
    /// <summary>All operands have the shape of the result and lie as it does, without a gap: the index is enough.</summary>
    Flat,

    /// <summary>Row and column: one division for an element.</summary>
    Rows,

    /// <summary>Row, head and column: two divisions for an element.</summary>
    Heads,
}

/// <summary>An operand of an elementwise kernel, or its result: an address, and strides in floats, 0 where an element serves a whole dimension.</summary>
internal readonly record struct ElementwiseOperand(ulong Address, uint RowStride, uint HeadStride, uint WidthStride);

/// <summary>
/// The operands of an elementwise kernel. Its push constants are, as 4 bytes each, rows, heads, width and padding; then for each operand, and last for the
/// result, 8 bytes of address, 4 bytes each of row, head and width stride, and padding. The elements of a value must be fewer than 2^31.
/// </summary>
internal sealed class ElementwiseCall
{
    private const int SizeBytes = 16;
    private const int OperandBytes = 24;

    private readonly int _heads, _width;
    private readonly ElementwiseOperand[] _operands;

    /// <summary>A call for values of some shape.</summary>
    /// <param name="heads">The heads of the result.</param>
    /// <param name="width">The elements of each head.</param>
    /// <param name="operands">The operands in the order of the chain, then the result.</param>
    public ElementwiseCall(int heads, int width, params ReadOnlySpan<ElementwiseOperand> operands)
    {
        var joins = true;
        foreach (var o in operands) joins &= heads == 1 || width == 1 || o.HeadStride == (uint)width * o.WidthStride;
        _operands = joins && heads > 1 && width == 1 ? Array.ConvertAll(operands.ToArray(), o => o with { WidthStride = o.HeadStride }) : operands.ToArray();
        (_heads, _width) = joins ? (1, heads * width) : (heads, width);
        var isFlat = joins && Array.TrueForAll(_operands, o => o.RowStride == (uint)_width && (_width == 1 || o.WidthStride == 1));
        Layout = isFlat ? ElementwiseLayout.Flat : joins ? ElementwiseLayout.Rows : ElementwiseLayout.Heads;
    }

    /// <summary>The simplest layout that is right.</summary>
    public ElementwiseLayout Layout { get; }

    /// <summary>Bytes of the push constants for operands and a result.</summary>
    public static int PushBytes(int operands) => OffsetOf(operands + 1);

    /// <summary>Where the push constants of an operand begin.</summary>
    public static int OffsetOf(int operand) => SizeBytes + (OperandBytes * operand);

    /// <summary>Writes the push constants.</summary>
    /// <returns>How many bytes they are.</returns>
    public int Write(Span<byte> push, int rows)
    {
        push = push[..OffsetOf(_operands.Length)];
        push.Clear();
        var sizes = MemoryMarshal.Cast<byte, int>(push);
        (sizes[0], sizes[1], sizes[2]) = (rows, _heads, _width);
        for (var i = 0; i < _operands.Length; i++)
        {
            var (to, operand) = (push[OffsetOf(i)..], _operands[i]);
            BinaryPrimitives.WriteUInt64LittleEndian(to, operand.Address);
            BinaryPrimitives.WriteUInt32LittleEndian(to[8..], operand.RowStride);
            BinaryPrimitives.WriteUInt32LittleEndian(to[12..], operand.HeadStride);
            BinaryPrimitives.WriteUInt32LittleEndian(to[16..], operand.WidthStride);
        }

        return push.Length;
    }
}
