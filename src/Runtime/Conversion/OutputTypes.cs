using ArchGen.Gguf;
using ArchGen.Quantization;

namespace ArchGen.Conversion;

/// <summary>Which type each tensor of a converted file gets: the one asked for, but for those that lose by it more than they save.</summary>
internal static class OutputTypes
{
    // Tensors that llama.cpp's kernels read as F32 only, or that are small and sensitive: routers, positions, convolutions.
    private static readonly string[] AlwaysF32 =
    [
        "ffn_gate_inp.weight", "ffn_gate_inp_shexp.weight", "position_embd.weight", "token_types.weight", "ssm_conv1d.weight", "shortconv.conv.weight",
    ];

    /// <summary>The type of a tensor.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="dims">Its dimensions, slowest first.</param>
    /// <param name="stored">How the checkpoint stores it, if a file can too.</param>
    /// <param name="wanted">The type asked for.</param>
    /// <param name="isMatrix">Whether the architecture says that it is stored as any other matrix.</param>
    public static TensorType Of(string name, IReadOnlyList<long> dims, WeightsStorage? stored, TensorType wanted, bool isMatrix)
    {
        // Numbers of four bits gain nothing by being stored in more.
        if (stored == WeightsStorage.Mxfp4) return TensorType.MXFP4;
        if (dims.Count <= 1 || !name.EndsWith(".weight", StringComparison.Ordinal) || name.EndsWith("_norm.weight", StringComparison.Ordinal) || (!isMatrix && AlwaysF32.Any(name.EndsWith))) return TensorType.F32;
        return dims[^1] % wanted.BlockSize == 0 ? wanted : TensorType.F16;
    }

    /// <summary>The number of a file's type in <c>general.file_type</c> (GGUF specification); of several mixes with such matrices, the first.</summary>
    public static uint FileType(TensorType type) => (uint)FileTypes.All.First(file => file.Type == type && !file.KeepsTypes).Id;
}
