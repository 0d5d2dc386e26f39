using ArchGen.Formats;
using ArchGen.Tools.Quantization.Mixes;
using ArchGen.Tools.Quantization.Plan;

namespace ArchGen.Tools.Conversion;

/// <summary>Which type each tensor of a converted file gets: the one asked for, but for those that lose by it more than they save.</summary>
internal static class OutputTypes
{
    /// <summary>The type of a tensor. Matrices have the one asked for, or what stands in for it where rows are no whole blocks; all others F32.</summary>
    /// <param name="dims">Its dimensions, slowest first.</param>
    /// <param name="stored">How the checkpoint stores it, if a file can too.</param>
    /// <param name="wanted">The type asked for.</param>
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
