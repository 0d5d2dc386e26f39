using ArchGen.Formats;
using ArchGen.Runtime.Planning;
using ArchGen.Vulkan.Modules;

namespace ArchGen.Vulkan.Execution;

/// <summary>The kinds of products.glsl.</summary>
internal enum ProductKind : uint
{
    /// <summary>Up to three matrices that read the same x.</summary>
    Plain,

    /// <summary>Two matrices, the activation of the first one's result times the second one's.</summary>
    Gated,

    /// <summary>A matrix for each head.</summary>
    Heads,

    /// <summary>A matrix for each use of an expert.</summary>
    Experts,
}

/// <summary>A dispatch of matrix products, however many rows there are.</summary>
/// <param name="Kind">What is multiplied.</param>
/// <param name="Type">The type of the weights.</param>
/// <param name="Push">The parameters of products.glsl.</param>
/// <param name="Rows">The rows of x.</param>
/// <param name="MatrixRows">The rows of each matrix whose result is written.</param>
internal sealed record ProductCall(ProductKind Kind, TensorType Type, PushConstants Push, RowCount Rows, IReadOnlyList<int> MatrixRows)
{
    /// <summary>Elements of a row of x.</summary>
    public required int Width { get; init; }

    /// <summary>Heads of x, if each is a row.</summary>
    public int RowFactor { get; init; } = 1;

    /// <summary>Heads that have a matrix each; or experts that a row uses.</summary>
    public int Heads { get; init; } = 1;

    /// <summary>Workgroups in z.</summary>
    public uint Depth => Kind == ProductKind.Heads ? (uint)Heads : 1;

    /// <summary>The functions that are written into the shaders: the activation, and what is applied to the result.</summary>
    public IReadOnlyList<ChainHole?> Holes { get; init; } = [];

    /// <summary>Whether x is read 16 bytes at a time.</summary>
    public bool IsAligned { get; init; }

    /// <summary>The same for matrix units; null if they are not to be used.</summary>
    public HalfCall? Half { get; init; }

    /// <summary>Workgroups for all rows of the matrices, of which each takes so many.</summary>
    public uint Groups(uint size)
    {
        var outputs = Kind == ProductKind.Gated ? size / 2 : size;
        return (uint)MatrixRows.Sum(rows => (rows + outputs - 1) / outputs);
    }

    /// <summary>The specialization constants of both shaders, before those of the shape.</summary>
    public uint[] Constants(uint invocations, params ReadOnlySpan<uint> shape) =>
        [invocations, (uint)Kind, IsAligned ? 1u : 0u, .. shape];
}

/// <summary>What is different where matrix units compute a dispatch.</summary>
/// <param name="Push">The parameters of product_cooperative.comp.</param>
/// <param name="Rounding">Rounds x; null if a dispatch before has done so.</param>
internal sealed record HalfCall(PushConstants Push, ShaderStep? Rounding);
