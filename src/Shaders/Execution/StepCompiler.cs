using ArchGen.Formats;
using ArchGen.Graphs;
using ArchGen.Runtime.Planning;
using ArchGen.Vulkan.Devices;
using ArchGen.Vulkan.Modules;

namespace ArchGen.Vulkan.Execution;

/// <summary>Compiles the steps of a plan to shaders with their operands resolved to addresses, one file for each family of operations.</summary>
/// <param name="session">The session.</param>
/// <param name="memory">Where values are.</param>
/// <param name="transfers">Reads constants.</param>
/// <param name="frame">Where the micro-batch is.</param>
internal sealed partial class StepCompiler(VulkanSession session, PlanMemory memory, Transfers transfers, ulong frame) : IDisposable
{
    /// <summary>Invocations of a workgroup, unless a shader needs another number.</summary>
    private uint GroupSize { get; } = Math.Min(256, session.Limits.Invocations);

    private readonly List<IHostTable> _hostTables = [];
    private readonly Dictionary<PlanStep, RotaryHostTable> _rotaryTables = new(ReferenceEqualityComparer.Instance);
    private readonly MemoryPool _tables = new(session.Device, MemoryUse.Upload);

    /// <summary>Tables that shaders read: written by the processor, once or for each micro-batch.</summary>
    public IReadOnlyList<MemoryBlock> Tables => _tables.Blocks;

    /// <summary>Whether there is a shader for an operation.</summary>
    public static bool Supports(Node node) => node.IsLeaf || node.Op is Op.Heads or Op.Flatten or Op.Slice or Op.RepeatHeads
        || HasShader(node.Op);

    /// <summary>Compiles a part of a plan.</summary>
    public PartSteps Compile(PlanPart part, StepOrder order)
    {
        _hostTables.Clear();
        var steps = new List<DeviceStep>();
        foreach (var step in part.Steps)
        {
            foreach (var compiled in Compile(step))
            {
                if (steps.Count > 0 && Together(steps[^1], compiled) is { } both) steps[^1] = both;
                else steps.Add(compiled);
            }
        }

        var groups = Hazards.Groups(steps).ToArray();
        if (order == StepOrder.Reversed) Array.ForEach(groups, Array.Reverse);
        if (order == StepOrder.Shuffled) Array.ForEach(groups, new Random(1).Shuffle);
        return new PartSteps(groups, [.. _hostTables]);
    }

    public void Dispose()
    {
        _tables.Dispose();
        CacheFlags.Dispose();
    }

    private IEnumerable<DeviceStep> Compile(PlanStep step)
    {
        AddressRange[] reads = [.. step.Reads.Select(v => memory.Addresses(v.Buffer)), .. Scratch(step.Prerequisite)];
        AddressRange[] writes = [.. step.Writes.Select(v => memory.Addresses(v.Buffer)), .. Scratch(step)];
        DeviceStep[] all = [.. Steps(step)];
        // Of an attention, not what stores the keys.
        var main = Array.Find(all, compiled => compiled is AttendStep) ?? all.FirstOrDefault();
        foreach (var compiled in all)
        {
            (compiled.Step, compiled.Work) = (step, compiled == main ? step.Work : default);
            if (compiled.Kind.Length == 0) compiled.Kind = KindOf(step);
            if (compiled.Reads.Count == 0) compiled.Reads = reads;
            if (compiled.Writes.Count == 0) compiled.Writes = writes;
            yield return compiled;
        }
    }

    private IEnumerable<DeviceStep> Steps(PlanStep step) => step switch
    {
        Operation operation => Operate(operation),
        ChainOperation chain => [Map(chain)],
        Copy copy => [CopyRows(memory.View(copy.From), memory.View(copy.To), copy.From.Rows)],
        SquareSum sum => [new SquareSumStep(transfers, sum)],
        ExpertSquareSum sum => [new ExpertSquareSumStep(transfers, sum)],
        Product product => Multiply(product),
        GatedProduct product => Multiply(product),
        HeadProduct product => [Multiply(product)],
        ExpertRoute route => Sort(route),
        ExpertProduct product => [Multiply(product)],
        TableLookup lookup => [Look(lookup)],
        RotaryTable table => Tabulate(table),
        Rotation rotation => [Rotate(rotation)],
        AttentionOperation attention => Attend(attention),
        _ => throw new InvalidOperationException($"{step.Node}: there is no shader for {step.GetType().Name}"),
    };

    private string KindOf(PlanStep step) => step switch
    {
        Copy => "copy",
        Product product => Products(product.Matrices),
        GatedProduct product => Products([product.Gate, product.Up]),
        HeadProduct product => $"matmul per head, {session.Model.TypeOf(product.Matrix.Weight).Name}",
        ExpertProduct product => $"matmul of experts, {session.Model.TypeOf(product.Matrix.Weight).Name}",
        ExpertRoute => "route",
        ChainOperation chain => string.Join('+', chain.Chain.Nodes.Select(node => node.Spec.Word).Distinct()),
        _ => step.Node.Spec.Word,
    };

    private string Products(IEnumerable<PlanMatrix> matrices) =>
        "matmul " + string.Join('+', matrices.Select(m => session.Model.TypeOf(m.Weight).Name).Distinct().Order(StringComparer.Ordinal));

    private IEnumerable<AddressRange> Scratch(PlanStep? step) => step is null ? [] : step.Scratch.Select(memory.Addresses);

    private DevicePipeline Pipeline(string shader, params ReadOnlySpan<uint> constants) =>
        Pipeline(shader, () => ShaderPack.Current.Words(shader), constants);

    private DevicePipeline Pipeline(string name, Func<uint[]> module, params ReadOnlySpan<uint> constants) =>
        PipelineOfSubgroups(0, name, module, constants);

    private DevicePipeline PipelineOfSubgroups(uint subgroupSize, string name, Func<uint[]> module, params ReadOnlySpan<uint> constants)
    {
        var pipeline = session.Device.Pipelines.GetOfSubgroups(subgroupSize, name, module, constants);
        session.Compiling.Add(pipeline);
        return pipeline;
    }

    private ShaderStep Shader(DevicePipeline pipeline, PushConstants push, RowCount rows, Grid grid) =>
        new(pipeline, push, rows, grid, session.Limits.Groups);
}
