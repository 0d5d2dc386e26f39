using System.Runtime.Intrinsics;
using ArchGen.Cpu.Kernels.Integers;
using ArchGen.Formats;
using ArchGen.Formats.Blocks;
using ArchGen.Formats.Simd;

namespace ArchGen.Cpu.Kernels;

/// <summary>
/// The matrix product y[t, r] = sum over i of x[t, i] * w[r, i], for weights of one tensor type on one instruction set. Weights stay as the file
/// has them and are exact; activations are 32-bit floats. Stateless: one instance serves every thread.
/// </summary>
/// <remarks>
/// Activations are prepared once per matrix product, for all kernels that share the preparation. All pointers are native memory.
/// </remarks>
public abstract unsafe class MatMulKernel
{
    private protected MatMulKernel(TensorType type, CpuTarget target) => (Type, Target) = (type, target);

    /// <summary>Type of the weights.</summary>
    public TensorType Type { get; }

    /// <summary>The target: instruction set and precision.</summary>
    public CpuTarget Target { get; }

    /// <summary>Prepares the first product, such as by assembling its code.</summary>
    public virtual void WarmUp()
    {
    }

    /// <summary>This kernel with a method; both need the same memory.</summary>
    internal virtual MatMulKernel With(ProductMethod method) => this;

    /// <summary>Whether <paramref name="other"/> can read the activations that this kernel prepares.</summary>
    public bool SharesPreparationWith(MatMulKernel other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return (Target, Layout) == (other.Target, other.Layout);
    }

    /// <summary>Distinguishes the kernels of a target that prepare differently.</summary>
    private protected virtual int Layout => 0;

    /// <summary>The kernel for weights of <paramref name="type"/> on the widest instruction set of this machine.</summary>
    /// <exception cref="ArchGenException">There is no kernel for that type.</exception>
    public static MatMulKernel For(TensorType type) => For(type, CpuTarget.Exact);

    /// <summary>The kernel for weights of <paramref name="type"/> on <paramref name="target"/>.</summary>
    /// <exception cref="ArchGenException">There is no kernel for that type, or this machine lacks that instruction set.</exception>
    public static MatMulKernel For(TensorType type, CpuTarget target)
    {
        if (!target.IsSupported) throw new RequestException($"This processor has no {target}; it has {CpuTarget.Fastest} at best. Choose that.");
        if (!TensorFormats.Of(type).IsDecodable)
        {
            throw new ModelFileException(
                $"There is no matrix product for weights of type {type.Name}. Quantize the model to a type that has one, such as q8_0 or q4_K.");
        }

        // Single-precision weights are exact on purpose, such as those of routers.
        return TensorFormats.Of(type).Accept(FactoryOf(type, type == TensorType.F32 ? target.ToExact() : target));
    }

    /// <summary>
    /// Bytes of prepared activations for <see cref="Prepare"/> with <paramref name="tokens"/> rows of <paramref name="k"/> activations, or fewer, which may be
    /// prepared in another way. The sum for two products is at most the number for the tokens of both and a grain.
    /// </summary>
    public long PreparedBytes(int tokens, int k) => (tokens + PreparationGrain - 1L) / PreparationGrain * GrainBytes(k);

    /// <summary>
    /// Tokens per part of the preparation. Threads may prepare disjoint ranges of tokens that begin at multiples of this, the width of the widest panel.
    /// </summary>
    public const int PreparationGrain = 32;

    /// <summary>Bytes for a grain of tokens or fewer: the maximum over the kernel's preparations.</summary>
    private protected abstract long GrainBytes(int k);

    /// <summary>Lays out the activations of the tokens from <paramref name="tokenBegin"/> to <paramref name="tokenEnd"/> for <see cref="Multiply"/>.</summary>
    /// <param name="x">Activations, [.., k].</param>
    /// <param name="xStride">Floats from one row of <paramref name="x"/> to the next.</param>
    /// <param name="rows">The row of <paramref name="x"/> of each token; null if token t is row t.</param>
    /// <param name="tokenBegin">First token; a multiple of <see cref="PreparationGrain"/>.</param>
    /// <param name="tokenEnd">One past the last token; a multiple of <see cref="PreparationGrain"/>, or <paramref name="tokens"/>.</param>
    /// <param name="tokens">Tokens of the whole product.</param>
    /// <param name="k">Activations per token.</param>
    /// <param name="prepared">Destination for the whole product, <see cref="PreparedBytes"/> long, aligned to 64 bytes.</param>
    public abstract void Prepare(float* x, long xStride, int* rows, int tokenBegin, int tokenEnd, int tokens, int k, byte* prepared);

    /// <summary>Computes columns <paramref name="rowBegin"/> to <paramref name="rowEnd"/> of y for all tokens.</summary>
    /// <param name="weights">Row 0 of the weights, [.., k].</param>
    /// <param name="rowBytes">Bytes from one row of the weights to the next.</param>
    /// <param name="rowBegin">First row of the weights.</param>
    /// <param name="rowEnd">One past the last row of the weights.</param>
    /// <param name="k">Weights per row, a multiple of the type's block size.</param>
    /// <param name="prepared">The result of <see cref="Prepare"/> for the same tokens and k.</param>
    /// <param name="tokens">Number of tokens.</param>
    /// <param name="y">Row of the first token of the result, [tokens, ..]; column r is written for weight row r.</param>
    /// <param name="yStride">Floats from one token of <paramref name="y"/> to the next.</param>
    public abstract void Multiply(
        byte* weights, long rowBytes, int rowBegin, int rowEnd, int k, byte* prepared, int tokens, float* y, long yStride);

    private static IBlockFormatVisitor<MatMulKernel> FactoryOf(TensorType type, CpuTarget target) => target switch
    {
        (InstructionSet.Amx, Precision.Int16) => new AmxFactory(type, target),
        (InstructionSet.Avx512Vnni, Precision.Int16) => new VnniFactory(type, target),
        (InstructionSet.Avx2, Precision.Int16) => new Avx2Int16Factory(type, target),
        (InstructionSet.Avx512, _) => new ExactFactory<Simd512, Vector512<float>>(type, target),
        (InstructionSet.Avx2, _) => new ExactFactory<Simd256, Vector256<float>>(type, target),
        _ => new ExactFactory<Simd128, Vector128<float>>(type, target),
    };

    private sealed class ExactFactory<TSimd, TVector>(TensorType type, CpuTarget target) : IBlockFormatVisitor<MatMulKernel>
        where TSimd : struct, ISimd<TVector>
        where TVector : struct
    {
        public MatMulKernel Visit<TFormat>() where TFormat : struct, IBlockFormat => new BlockMatMulKernel<TFormat, TSimd, TVector>(type, target);
    }

    private sealed class VnniFactory(TensorType type, CpuTarget target) : IBlockFormatVisitor<MatMulKernel>
    {
        public MatMulKernel Visit<TFormat>() where TFormat : struct, IBlockFormat => new IntegerMatMulKernel<TFormat, VnniTile, Simd512, Vector512<float>>(
            type, target, RowProduct.For(type, isWide: true), ScaledBytes.Find(type, isSplit: false));
    }

    private sealed class AmxFactory(TensorType type, CpuTarget target) : IBlockFormatVisitor<MatMulKernel>
    {
        public MatMulKernel Visit<TFormat>() where TFormat : struct, IBlockFormat => new AmxMatMulKernel<TFormat>(type, target);
    }

    private sealed class Avx2Int16Factory(TensorType type, CpuTarget target) : IBlockFormatVisitor<MatMulKernel>
    {
        public MatMulKernel Visit<TFormat>() where TFormat : struct, IBlockFormat => new IntegerMatMulKernel<TFormat, Avx2Tile, Simd256, Vector256<float>>(
            type, target, RowProduct.For(type, isWide: false));
    }
}
