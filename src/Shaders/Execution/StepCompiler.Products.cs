using ArchGen.Formats;
using ArchGen.Runtime.Planning;

namespace ArchGen.Vulkan.Execution;

/// <content>Matrix products.</content>
internal sealed partial class StepCompiler
{
    /// <summary>A weight as it lies in the file, uploaded once for all contexts; or one computed from weights, as floats.</summary>
    private DeviceMatrix MatrixOf(PlanMatrix matrix)
    {
        ulong bias = memory.Address(matrix.Bias), scale = memory.Address(matrix.Scale);
        if (matrix.Computed is null)
        {
            var tensor = session.Model.Find(matrix.Weight);
            var address = session.Weights.Stored(tensor, session.Model.TotalBytes).Address;
            return new DeviceMatrix(tensor.Type, address, tensor.Type.ByteLength(matrix.Width), matrix.Rows, matrix.Width, bias, scale);
        }

        var view = memory.View(matrix.Computed);
        return new DeviceMatrix(TensorType.F32, view.Address, view.HeadStride * sizeof(float), matrix.Rows, matrix.Width, bias, scale);
    }
}
