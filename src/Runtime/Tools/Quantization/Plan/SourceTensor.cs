using System.Collections.Immutable;
using ArchGen.Formats;
using ArchGen.Gguf;

namespace ArchGen.Tools.Quantization.Plan;

/// <summary>A tensor of the file to quantize.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type there.</param>
/// <param name="Dimensions">One to four sizes, fastest first.</param>
public sealed record SourceTensor(string Name, TensorType Type, ImmutableArray<long> Dimensions)
{
    /// <summary>Elements of a row: the length of what it multiplies.</summary>
    public long Columns => Dimensions[0];

    /// <summary>The number of stacked matrices, such as experts; 1 for a single one.</summary>
    public long Matrices => Dimensions.Skip(2).Aggregate(1L, (product, size) => product * size);

    /// <summary>Whether it has rows and columns; sizes of 1 at the end do not count.</summary>
    internal bool IsMatrix => Dimensions.Skip(1).Any(size => size > 1);

    /// <summary>Whether it is a stack of matrices.</summary>
    internal bool IsStack => Dimensions.Length > 2 && Dimensions[2] > 1;

    /// <summary>Whether its elements are real numbers that can be quantized.</summary>
    internal bool IsReal => Type is not (TensorType.I8 or TensorType.I16 or TensorType.I32 or TensorType.I64 or TensorType.F64);
}
