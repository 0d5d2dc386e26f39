using ArchGen.Formats;

namespace ArchGen.Vulkan.Execution;

/// <summary>A weight matrix as shaders read it, and what is applied to the result of its product.</summary>
/// <param name="Type">The type of its elements.</param>
/// <param name="Address">Row 0.</param>
/// <param name="RowBytes">Bytes from one row to the next.</param>
/// <param name="Rows">Elements of the result.</param>
/// <param name="Width">Elements of a row.</param>
/// <param name="Bias">Added to the result, one element per row; 0 if there is none.</param>
/// <param name="Scale">The factor of the result; 0 if there is none.</param>
/// <param name="Powers">The powers of two of its rows, for products in half precision; 0 if there are none of it.</param>
internal sealed record DeviceMatrix(TensorType Type, ulong Address, long RowBytes, int Rows, int Width, ulong Bias, ulong Scale, ulong Powers = 0);
