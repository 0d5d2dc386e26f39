using ArchGen.Cpu.Steps;
using ArchGen.Runtime.Planning;

namespace ArchGen.Cpu.Execution;

/// <summary>Compiles the steps of a plan to kernels with their operands resolved to memory, one file for each family of operations.</summary>
internal sealed unsafe partial class StepCompiler(CpuSession session, CpuMemory memory)
{
    private readonly Dictionary<PlanStep, ExpertRouting> _routings = new(ReferenceEqualityComparer.Instance);

    /// <summary>Compiles a step of the plan for the processor.</summary>
    public Step Compile(PlanStep step)
    {
        var kernel = Kernel(step);
        (kernel.Domain, kernel.Work) = (step.Domain, step.Work);
        return kernel;
    }

    private Step Kernel(PlanStep step) => step switch
    {
        Operation operation => Operate(operation),
        Copy copy => new CopyStep(copy.Node, copy.From.Rows, memory.View(copy.From), memory.View(copy.To)),
        Product product => Multiply(product),
        GatedProduct product => Multiply(product),
        HeadProduct product => Multiply(product),
        ExpertRoute route => Sort(route),
        ExpertProduct product => Multiply(product),
        TableLookup lookup => new GetRowsStep(lookup.Node, MatrixOf(lookup.Table), memory.View(lookup.Result)),
        RotaryTable table => new RopeTableStep(table.Node, new RopeFrequencies(table.Numbers, (float*)memory.Data(table.Factors)), Scratch<float>(table, 0)),
        Rotation rotation => Rotate(rotation),
        AttentionOperation attention => Attend(attention),
        SquareSum sum => new SquareSumStep(sum.Node, sum.X.Rows, memory.View(sum.X), sum.PerHead, sum.Sums),
        ExpertSquareSum sum => new ExpertSquareSumStep(sum.Node, _routings[sum.Route], sum.Used, memory.View(sum.X), sum.Sums),
        _ => throw new InvalidOperationException($"{step.Node}: the processor has no step for {step.GetType().Name}"),
    };

    private T* Scratch<T>(PlanStep step, int i) where T : unmanaged => (T*)memory.Address(step.Scratch[i]);
}
