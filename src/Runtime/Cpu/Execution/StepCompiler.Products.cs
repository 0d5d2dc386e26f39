using ArchGen.Cpu.Steps;
using ArchGen.Formats;
using ArchGen.Graphs;
using ArchGen.Runtime.Elementwise;
using ArchGen.Runtime.Planning;

namespace ArchGen.Cpu.Execution;

/// <content>Matrix products.</content>
internal sealed unsafe partial class StepCompiler
{
    private LinearStep Multiply(Product step) => new(
        step.Node, step.X.Rows, memory.View(step.X), [.. step.Matrices.Select(MatrixOf)], [.. step.Results.Select(memory.View)], Scratch<byte>(step, 0));

    private Step Multiply(GatedProduct step) =>
        ElementwiseOp.Visit<GateCompiler, Step>(step.Activation.Op, step.Activation.Attributes, new GateCompiler(this, step));

    private GatedLinearStep<TActivation> Gated<TActivation>(GatedProduct step, TActivation activation) where TActivation : struct, IUnary => new(
        step.Node, step.X.Rows, memory.View(step.X), MatrixOf(step.Gate), MatrixOf(step.Up), memory.View(step.Result), memory.View(step.Ungated),
        Scratch<byte>(step, 0), activation);

    private HeadLinearStep Multiply(HeadProduct step)
    {
        var preparedStride = step.Scratch[0].Bytes / step.X.Heads;
        return new HeadLinearStep(
            step.Node, step.X.Rows, memory.View(step.X), MatrixOf(step.Matrix), memory.View(step.Result), Scratch<byte>(step, 0), preparedStride);
    }

    private RouteStep Sort(ExpertRoute step)
    {
        var routing = new ExpertRouting(step.Experts, Scratch<int>(step, 0), Scratch<int>(step, 1), Scratch<int>(step, 2));
        _routings[step] = routing;
        return new RouteStep(step.Node, step.Ids.Rows, memory.View(step.Ids), routing);
    }

    private ExpertLinearStep Multiply(ExpertProduct step) => new(
        step.Node, _routings[step.Route], step.Result.Heads, memory.View(step.X), MatrixOf(step.Matrix), memory.View(step.Result),
        Scratch<int>(step, 2), Scratch<byte>(step, 0), Scratch<float>(step, 1));

    /// <summary>A weight of the file, or one computed from weights, as floats.</summary>
    private MatrixOperand MatrixOf(PlanMatrix matrix)
    {
        var (bias, scale) = (memory.Data(matrix.Bias), memory.Data(matrix.Scale));
        if (matrix.Computed is null)
        {
            var tensor = session.Weights.Find(matrix.Weight);
            return new MatrixOperand(session.Kernel(tensor.Type), (nint)tensor.Pointer, tensor.Type.ByteLength(matrix.Width), matrix.Rows, bias, scale);
        }

        var view = memory.View(matrix.Computed);
        return new MatrixOperand(session.Kernel(TensorType.F32), (nint)view.Data, view.HeadStride * sizeof(float), matrix.Rows, bias, scale);
    }

    private readonly struct GateCompiler(StepCompiler compiler, GatedProduct step) : IElementwiseVisitor<Step>
    {
        public Step Unary<TOperation>(TOperation operation) where TOperation : struct, IUnary => compiler.Gated(step, operation);

        public Step Binary<TOperation>() where TOperation : struct, IBinary =>
            throw new InvalidOperationException($"{step.Activation}: a gate's activation has one operand");
    }
}
