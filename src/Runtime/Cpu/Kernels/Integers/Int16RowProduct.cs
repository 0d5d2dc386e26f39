using ArchGen.Cpu.Kernels.Integers.Formats;
using ArchGen.Gguf;

namespace ArchGen.Cpu.Kernels.Integers;

/// <summary>On AVX2: <see cref="Int16DotProducts{TFormat}"/>.</summary>
internal sealed unsafe class Int16RowProduct<TFormat> : RowProduct where TFormat : struct, IInt16Format
{
    public override int MostTokens => 16;

    public override int Layout => 4 + (int)TFormat.Order;

    public override long Stride(int k) => Int16Activations.Stride(k);

    protected override void Prepare(float* x, int k, byte* prepared) => Int16Activations.Fill(x, k, TFormat.Order, prepared);

    public override void Multiply(byte* weights, long rowBytes, int rows, int k, byte* prepared, int tokens, float* y, long yStride) =>
        Int16DotProducts<TFormat>.Compute(weights, rowBytes, rows, k, prepared, Stride(k), tokens, y, yStride);
}

/// <summary>Which types have one.</summary>
internal static class Int16RowProducts
{
    /// <summary>That of a type, or null.</summary>
    public static RowProduct? Find(TensorType type) => type switch
    {
        TensorType.Q4_1 => new Int16RowProduct<Widened<Int16BlocksOf32<Q4_1Int16>>>(),
        TensorType.Q5_0 => new Int16RowProduct<Widened<Int16BlocksOf32<Q5_0Int16>>>(),
        TensorType.Q5_1 => new Int16RowProduct<Widened<Int16BlocksOf32<Q5_1Int16>>>(),
        TensorType.Q2_K => new Int16RowProduct<TakenApart<Q2KInt16>>(),
        TensorType.Q3_K => new Int16RowProduct<TakenApart<Q3KInt16>>(),
        TensorType.Q4_0 => new Int16RowProduct<Q4_0Int16>(),
        TensorType.Q8_0 => new Int16RowProduct<Widened<Int16BlocksOf32<Q8_0Int16>>>(),
        TensorType.IQ4_NL => new Int16RowProduct<Widened<Int16BlocksOf32<Iq4NlInt16>>>(),
        TensorType.MXFP4 => new Int16RowProduct<Widened<Int16BlocksOf32<Mxfp4Int16>>>(),
        TensorType.Q4_K => new Int16RowProduct<Q4KInt16>(),
        TensorType.Q5_K => new Int16RowProduct<TakenApart<Q5KInt16>>(),
        TensorType.Q6_K => new Int16RowProduct<TakenApart<Q6KInt16>>(),
        TensorType.IQ4_XS => new Int16RowProduct<Widened<Iq4XsInt16>>(),
        _ => null,
    };
}
