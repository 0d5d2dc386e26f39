using System.Runtime.InteropServices;
using System.Text;

namespace ArchGen.Vulkan.Modules;

/// <summary>A module of SPIR-V in its sections, so that instructions can be added to each: made anew, or read from a compiled shader.</summary>
internal sealed partial class SpirvModule
{
    private const uint Magic = 0x07230203;
    private const uint Version15 = 0x00010500;
    private const int HeaderWords = 5;

    private readonly uint _version;
    private readonly uint _generator;
    private readonly List<uint> _head = [];
    private readonly List<uint> _annotations = [];
    private readonly List<uint> _types = [];
    private readonly List<uint> _functions = [];

    // A type that is no aggregate must not be declared twice.
    private readonly Dictionary<Declaration, uint> _known = [];
    private uint _bound = 1;
    private uint? _glsl;
    private AddressTypes? _memory;

    /// <summary>An empty module of SPIR-V 1.5 that reads and writes memory by addresses.</summary>
    public SpirvModule()
    {
        const uint Shader = 1, Int64 = 11, PhysicalStorageBufferAddresses = 5347, PhysicalStorageBuffer64 = 5348, Glsl450 = 1;
        _version = Version15;
        Put(_head, SpirvOp.Capability, Shader);
        Put(_head, SpirvOp.Capability, Int64);
        Put(_head, SpirvOp.Capability, PhysicalStorageBufferAddresses);
        Put(_head, SpirvOp.MemoryModel, PhysicalStorageBuffer64, Glsl450);
    }

    public uint Void => Declare(SpirvOp.TypeVoid);

    public uint Bool => Declare(SpirvOp.TypeBool);

    public uint Float => Declare(SpirvOp.TypeFloat, 32);

    public uint Uint => Declare(SpirvOp.TypeInt, 32, 0);

    public uint Ulong => Declare(SpirvOp.TypeInt, 64, 0);

    /// <summary>The instructions of GLSL.std.450.</summary>
    public uint Glsl
    {
        get
        {
            if (_glsl is { } known) return known;
            var import = new List<uint>();
            _glsl = NewId();
            Put(import, SpirvOp.ExtInstImport, [_glsl.Value, .. Text("GLSL.std.450")]);
            // Imports come between capabilities and the memory model.
            var head = CollectionsMarshal.AsSpan(_head);
            var at = 0;
            while (OpAt(head, at) != SpirvOp.MemoryModel) at += LengthAt(head, at);
            _head.InsertRange(at, import);
            return _glsl.Value;
        }
    }

    /// <summary>The types by which device memory is read and written.</summary>
    public AddressTypes Memory => _memory ??= new AddressTypes(this);

    public uint NewId() => _bound++;

    public uint Vector(uint component, uint count) => Declare(SpirvOp.TypeVector, component, count);

    public uint Pointer(StorageClass storage, uint type) => Declare(SpirvOp.TypePointer, (uint)storage, type);

    public uint Constant(float value) => Constant(Float, BitConverter.SingleToUInt32Bits(value));

    public uint Constant(uint value) => Constant(Uint, value);

    /// <summary>A new structure with its members at the given offsets.</summary>
    public uint Struct(bool isBlock, params ReadOnlySpan<(uint Type, uint Offset)> members)
    {
        var id = NewId();
        var types = new List<uint> { id };
        foreach (var (type, offset) in members)
        {
            Put(_annotations, SpirvOp.MemberDecorate, id, (uint)types.Count - 1, (uint)Decoration.Offset, offset);
            types.Add(type);
        }

        if (isBlock) Decorate(id, Decoration.Block);
        Put(_types, SpirvOp.TypeStruct, CollectionsMarshal.AsSpan(types));
        return id;
    }

    /// <summary>A new type of an array without an end, its elements that many bytes apart.</summary>
    public uint Array(uint element, uint stride)
    {
        var id = NewId();
        Decorate(id, Decoration.ArrayStride, stride);
        Put(_types, SpirvOp.TypeRuntimeArray, id, element);
        return id;
    }

    /// <summary>A new global: a type of a function, a specialization constant or a variable, whose result id comes second.</summary>
    public uint Global(SpirvOp op, uint type, params ReadOnlySpan<uint> operands)
    {
        var id = NewId();
        Put(_types, op, [type, id, .. operands]);
        return id;
    }

    /// <summary>The type of a function without parameters.</summary>
    public uint FunctionType(uint result)
    {
        var id = NewId();
        Put(_types, SpirvOp.TypeFunction, id, result);
        return id;
    }

    public void Decorate(uint id, Decoration decoration, params ReadOnlySpan<uint> operands) =>
        Put(_annotations, SpirvOp.Decorate, [id, (uint)decoration, .. operands]);

    /// <summary>Makes a function the entry point of a compute shader, its local size given by a built-in value.</summary>
    /// <param name="function">The function.</param>
    /// <param name="globals">All global variables that it uses.</param>
    public void EnterAt(uint function, params ReadOnlySpan<uint> globals)
    {
        const uint GlCompute = 5, LocalSize = 17;
        Put(_head, SpirvOp.EntryPoint, [GlCompute, function, .. Text("main"), .. globals]);
        Put(_head, SpirvOp.ExecutionMode, function, LocalSize, 1, 1, 1);
    }

    public void Add(FunctionWriter function) => _functions.AddRange(function.Words);

    /// <summary>The words of the module.</summary>
    public uint[] ToWords() => [Magic, _version, _generator, _bound, 0, .. _head, .. _annotations, .. _types, .. _functions];

    internal static void Put(List<uint> to, SpirvOp op, params ReadOnlySpan<uint> operands)
    {
        to.Add(((uint)(operands.Length + 1) << 16) | (uint)op);
        to.AddRange(operands);
    }

    private uint Constant(uint type, uint value)
    {
        var declaration = new Declaration(SpirvOp.Constant, 2, type, value);
        if (_known.TryGetValue(declaration, out var id)) return id;
        return _known[declaration] = Global(SpirvOp.Constant, type, value);
    }

    private uint Declare(SpirvOp op, params ReadOnlySpan<uint> operands)
    {
        var declaration = Declaration.Of(op, operands);
        if (_known.TryGetValue(declaration, out var id)) return id;
        _known[declaration] = id = NewId();
        Put(_types, op, [id, .. operands]);
        return id;
    }

    // Words of little-endian bytes, with a zero at the end.
    private static uint[] Text(string text)
    {
        var words = new uint[(Encoding.UTF8.GetByteCount(text) / 4) + 1];
        Encoding.UTF8.GetBytes(text, MemoryMarshal.AsBytes(words.AsSpan()));
        return words;
    }

    private readonly record struct Declaration(SpirvOp Op, int Count, uint First, uint Second)
    {
        public static Declaration Of(SpirvOp op, ReadOnlySpan<uint> operands) =>
            new(op, operands.Length, operands.Length > 0 ? operands[0] : 0, operands.Length > 1 ? operands[1] : 0);
    }
}
