using ArchGen.Formats;
using ArchGen.Tools.Quantization.Mixes;
using ArchGen.Tools.Quantization.Plan;

namespace ArchGen.Tools.Conversion;

/// <summary>The tensor types of a converted file: the requested type, except for tensors whose loss outweighs the saved space.</summary>
internal static class OutputTypes
{
    /// <summary>The type of a tensor: for matrices the requested type, or its fallback if rows are not whole blocks; for all others F32.</summary>
    /// <param name="dims">Its dimensions, slowest first.</param>
    /// <param name="stored">The type in the checkpoint, if a file can have it too; otherwise null.</param>
    /// <param name="wanted">The requested type.</param>
    /// <param name="isMatrix">Whether it is a matrix in the declaration, and no router, norm, convolution or table of positions.</param>
    public static TensorType Of(IReadOnlyList<long> dims, WeightsStorage? stored, TensorType wanted, bool isMatrix)
    {
        // Numbers of four bits gain nothing by being stored in more.
        if (stored == WeightsStorage.Mxfp4) return TensorType.MXFP4;
        // A matrix of one row is a vector: the gate of a shared expert.
        return isMatrix && dims.Count(size => size > 1) > 1 ? FallbackTypes.Fit(wanted, dims[^1]) : TensorType.F32;
    }

    /// <summary>The number of a file's type in <c>general.file_type</c> (GGUF specification); of several mixes with such matrices, the first.</summary>
    public static uint FileType(TensorType type) => (uint)FileTypes.All.First(file => file.Type == type && !file.KeepsTypes).Id;
}
