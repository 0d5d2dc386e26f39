namespace ArchGen.Vulkan.Modules;

/// <summary>The instructions of one function.</summary>
internal sealed class FunctionWriter(SpirvModule module)
{
    // A memory access of known alignment.
    private const uint Aligned = 2;

    public SpirvModule Module => module;

    public List<uint> Words { get; } = [];

    public void Emit(SpirvOp op, params ReadOnlySpan<uint> operands) => SpirvModule.Put(Words, op, operands);

    /// <summary>An instruction with a result; returns its id.</summary>
    public uint Result(SpirvOp op, uint type, params ReadOnlySpan<uint> operands)
    {
        var id = module.NewId();
        Emit(op, [type, id, .. operands]);
        return id;
    }

    /// <summary>An instruction of GLSL.std.450 whose result is a float.</summary>
    public uint Result(GlslOp op, params ReadOnlySpan<uint> operands) => Result(SpirvOp.ExtInst, module.Float, [module.Glsl, (uint)op, .. operands]);

    public void Label(uint id) => Emit(SpirvOp.Label, id);

    /// <summary>The id of a term, which may be a constant.</summary>
    public uint IdOf(Term term) => term.IdIn(this);

    public uint Sum(uint a, uint b) => Result(SpirvOp.IAdd, module.Uint, a, b);

    public uint Product(uint a, uint b) => Result(SpirvOp.IMul, module.Uint, a, b);

    /// <summary>The quotient and the remainder of two integers without signs.</summary>
    public (uint Quotient, uint Remainder) Divide(uint a, uint b)
    {
        var quotient = Result(SpirvOp.UDiv, module.Uint, a, b);
        return (quotient, Result(SpirvOp.ISub, module.Uint, a, Product(quotient, b)));
    }

    /// <summary>The float at a place, in floats, from an address.</summary>
    public Term Load(uint address, uint index) => new(this, Result(SpirvOp.Load, module.Float, Element(address, index), Aligned, AddressTypes.FloatBytes));

    /// <summary>Writes the float at a place, in floats, from an address.</summary>
    public void Store(uint address, uint index, Term value)
    {
        var id = IdOf(value);
        Emit(SpirvOp.Store, Element(address, index), id, Aligned, AddressTypes.FloatBytes);
    }

    /// <summary>A member of the description of an operand: 0 its address, 1 its stride of rows, 2 that of heads, 3 that of columns.</summary>
    public uint LoadOperand(uint descriptions, int operand, uint member)
    {
        var memory = module.Memory;
        var pointer = Result(
            SpirvOp.InBoundsAccessChain, member == 0 ? memory.Ulong : memory.Uint, Result(SpirvOp.ConvertUToPtr, memory.Operands, descriptions),
            module.Constant(0u), module.Constant((uint)operand), module.Constant(member));
        return member == 0
            ? Result(SpirvOp.Load, module.Ulong, pointer, Aligned, sizeof(ulong))
            : Result(SpirvOp.Load, module.Uint, pointer, Aligned, sizeof(uint));
    }

    private uint Element(uint address, uint index)
    {
        var floats = Result(SpirvOp.ConvertUToPtr, module.Memory.Floats, address);
        return Result(SpirvOp.InBoundsAccessChain, module.Memory.Float, floats, module.Constant(0u), index);
    }
}
