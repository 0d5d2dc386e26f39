namespace ArchGen.Vulkan.Modules;

/// <summary>Floats, and descriptions of operands, at addresses of device memory.</summary>
internal sealed class AddressTypes
{
    /// <summary>Bytes of a float.</summary>
    public const uint FloatBytes = 4;

    /// <summary>Bytes of the description of an operand: its address, and its strides of row, head and column.</summary>
    public const uint OperandBytes = 24;

    /// <summary>Declares the types.</summary>
    public AddressTypes(SpirvModule module)
    {
        Float = Pointer(module.Float);
        Uint = Pointer(module.Uint);
        Ulong = Pointer(module.Ulong);
        Floats = Pointer(Block(module.Array(module.Float, FloatBytes)));
        var operand = module.Struct(false, (module.Ulong, 0u), (module.Uint, 8u), (module.Uint, 12u), (module.Uint, 16u));
        Operands = Pointer(Block(module.Array(operand, OperandBytes)));

        uint Block(uint array) => module.Struct(true, (array, 0u));

        uint Pointer(uint type) => module.Pointer(StorageClass.PhysicalStorageBuffer, type);
    }

    public uint Float { get; }

    public uint Uint { get; }

    public uint Ulong { get; }

    /// <summary>A pointer to floats one after the other.</summary>
    public uint Floats { get; }

    /// <summary>A pointer to descriptions of operands one after the other.</summary>
    public uint Operands { get; }
}
