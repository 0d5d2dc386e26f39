namespace ArchGen.Vulkan.Modules;

/// <summary>
/// The push constants of an elementwise kernel: as 4 bytes each rows, heads, width and padding; then for each operand, and last for the result, 8 bytes of
/// address, 4 bytes each of row, head and width stride in floats, and padding. A stride is 0 where an element serves a whole dimension.
/// </summary>
internal sealed class PushBlock
{
    // Rows, heads, width and padding; then for each operand its address, three strides and padding.
    private const int SizeMembers = 4;
    private const int OperandMembers = 5;
    private const int OperandBytes = 24;

    private readonly uint _uint, _ulong;

    /// <summary>Declares the block.</summary>
    public PushBlock(SpirvModule module, int operands)
    {
        var members = new List<(uint Type, uint Offset)>();
        for (uint i = 0; i < SizeMembers; i++) members.Add((module.Uint, 4 * i));
        for (var i = 0; i < operands; i++)
        {
            var offset = (uint)OffsetOf(i);
            members.Add((module.Ulong, offset));
            for (uint j = 0; j < OperandMembers - 1; j++) members.Add((module.Uint, offset + 8 + (4 * j)));
        }

        Operands = operands;
        var block = module.Struct(true, [.. members]);
        Variable = module.Global(SpirvOp.Variable, module.Pointer(StorageClass.PushConstant, block), (uint)StorageClass.PushConstant);
        (_uint, _ulong) = (module.Pointer(StorageClass.PushConstant, module.Uint), module.Pointer(StorageClass.PushConstant, module.Ulong));
    }

    /// <summary>The bytes for operands and a result.</summary>
    public static int BytesOf(int operands) => OffsetOf(operands + 1);

    /// <summary>The number of operands, with the result.</summary>
    public int Operands { get; }

    public uint Variable { get; }

    /// <summary>A dimension of the result: 0 rows, 1 heads, 2 width.</summary>
    public uint Size(FunctionWriter writer, int dimension) => Load(writer, dimension, false);

    public uint Address(FunctionWriter writer, int operand) => Load(writer, SizeMembers + (OperandMembers * operand), true);

    /// <summary>The stride of an operand in a dimension.</summary>
    public uint Stride(FunctionWriter writer, int operand, int dimension) =>
        Load(writer, SizeMembers + (OperandMembers * operand) + 1 + dimension, false);

    private static int OffsetOf(int operand) => (SizeMembers * sizeof(uint)) + (OperandBytes * operand);

    private uint Load(FunctionWriter writer, int member, bool isAddress)
    {
        var module = writer.Module;
        var pointer = writer.Result(SpirvOp.InBoundsAccessChain, isAddress ? _ulong : _uint, Variable, module.Constant((uint)member));
        return writer.Result(SpirvOp.Load, isAddress ? module.Ulong : module.Uint, pointer);
    }
}
