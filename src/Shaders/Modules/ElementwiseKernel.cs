using ArchGen.Runtime.Elementwise;
using ArchGen.Vulkan.Devices;

namespace ArchGen.Vulkan.Modules;

/// <summary>
/// Compute shaders y[row, head, column] = f(operands) for chains of elementwise operations. All that a shader is given is in push constants
/// (<see cref="PushBlock"/>): no descriptors. An invocation takes an element and then every n-th after it, where n is the number of all invocations, so
/// any number of workgroups is right. Their size is the specialization constant 0.
/// </summary>
internal static class ElementwiseKernel
{
    /// <summary>The invocations of a workgroup, if they are not specialized.</summary>
    public const int GroupSize = 256;

    private const uint SizeConstant = 0;

    /// <summary>Whether the operands of a chain fit into push constants.</summary>
    public static bool Fits(Chain chain) => PushBlock.BytesOf(chain.Operands.Count) <= LogicalDevice.PushBytes;

    /// <summary>What a shader does: equal keys have equal words.</summary>
    public static string Key(Chain chain, ElementwiseLayout layout) => $"elementwise {layout} {chain.Key}";

    /// <summary>Writes the shader of a chain that fits.</summary>
    public static uint[] Write(Chain chain, ElementwiseLayout layout)
    {
        if (!Fits(chain)) throw new ArgumentException($"{chain.Key}: the chain has more operands than push constants have room for", nameof(chain));
        var module = new SpirvModule();
        var function = module.NewId();
        var grid = new Grid(module);
        var push = new PushBlock(module, chain.Operands.Count + 1);
        module.EnterAt(function, grid.Invocation, grid.Groups, push.Variable);
        var writer = new FunctionWriter(module);
        writer.Emit(SpirvOp.Function, module.Void, function, 0, module.FunctionType(module.Void));
        var entry = module.NewId();
        writer.Label(entry);
        var place = new ElementPlaces(writer, push, layout);
        var (first, step) = grid.Range(writer);
        Loop(writer, entry, first, step, place.Count, index =>
        {
            var at = place.At(index);
            var terms = new Term[chain.Operands.Count];
            for (var i = 0; i < terms.Length; i++) terms[i] = writer.Load(place.Addresses[i], at.Of(i));
            writer.Store(place.Addresses[^1], at.Of(terms.Length), chain.Apply<Term>(terms));
        });
        writer.Emit(SpirvOp.Return);
        writer.Emit(SpirvOp.FunctionEnd);
        module.Add(writer);
        return module.ToWords();
    }

    /// <summary>for (i = first; i &lt; count; i += step) body(i).</summary>
    private static void Loop(FunctionWriter writer, uint entry, uint first, uint step, uint count, Action<uint> body)
    {
        var module = writer.Module;
        uint header = module.NewId(), test = module.NewId(), inside = module.NewId(), next = module.NewId(), end = module.NewId();
        uint index = module.NewId(), following = module.NewId();
        writer.Emit(SpirvOp.Branch, header);
        writer.Label(header);
        writer.Emit(SpirvOp.Phi, module.Uint, index, first, entry, following, next);
        writer.Emit(SpirvOp.LoopMerge, end, next, 0);
        writer.Emit(SpirvOp.Branch, test);
        writer.Label(test);
        writer.Emit(SpirvOp.BranchConditional, writer.Result(SpirvOp.ULessThan, module.Bool, index, count), inside, end);
        writer.Label(inside);
        body(index);
        writer.Emit(SpirvOp.Branch, next);
        writer.Label(next);
        writer.Emit(SpirvOp.IAdd, module.Uint, following, index, step);
        writer.Emit(SpirvOp.Branch, header);
        writer.Label(end);
    }

    /// <summary>Which invocation runs, and how many there are.</summary>
    private sealed class Grid
    {
        private readonly SpirvModule _module;
        private readonly uint _vector, _size;

        public Grid(SpirvModule module)
        {
            (_module, _vector) = (module, module.Vector(module.Uint, 3));
            Invocation = Input(BuiltIn.GlobalInvocationId);
            Groups = Input(BuiltIn.NumWorkgroups);
            _size = module.Global(SpirvOp.SpecConstant, module.Uint, GroupSize);
            module.Decorate(_size, Decoration.SpecId, SizeConstant);
            var sizes = module.Global(SpirvOp.SpecConstantComposite, _vector, _size, module.Constant(1u), module.Constant(1u));
            module.Decorate(sizes, Decoration.BuiltIn, (uint)BuiltIn.WorkgroupSize);
        }

        public uint Invocation { get; }

        public uint Groups { get; }

        /// <summary>The first index of an invocation, and the number of all invocations.</summary>
        public (uint First, uint Step) Range(FunctionWriter writer) => (First(writer, Invocation), writer.Product(First(writer, Groups), _size));

        private uint Input(BuiltIn builtIn)
        {
            var id = _module.Global(SpirvOp.Variable, _module.Pointer(StorageClass.Input, _vector), (uint)StorageClass.Input);
            _module.Decorate(id, Decoration.BuiltIn, (uint)builtIn);
            return id;
        }

        private uint First(FunctionWriter writer, uint variable) =>
            writer.Result(SpirvOp.CompositeExtract, _module.Uint, writer.Result(SpirvOp.Load, _vector, variable), 0);
    }
}
