using ArchGen.Cpu.Kernels.MachineCode;
using ArchGen.Formats;

namespace ArchGen.Cpu.Kernels.Integers;

/// <summary>In emitted code: half-precision weights times one token's activations in half precision. More tokens are bound by the conversions.</summary>
internal sealed unsafe class HalfRowProduct(TensorType type) : RowProduct
{
    private DotEmitter? _code;

    public override int MaxTokens => 1;

    public override int Layout => 16;

    public override long Stride(int k) => HalfActivations.Stride(k);

    public override void WarmUp() => _code = Code();

    public override void Multiply(byte* weights, long rowBytes, int rows, int k, byte* prepared, int tokens, float* y, long yStride)
    {
        (_code ??= Code()).Compute(weights, rowBytes, rows, k, prepared, Stride(k), tokens, y, yStride);
        Scale(y, rows, HalfActivations.FactorOf(prepared, k));
    }

    protected override void Prepare(float* x, int k, byte* prepared) => HalfActivations.Fill(x, k, prepared);

    private DotEmitter Code() => DotEmitter.For(type, isWide: true, hasHalfActivations: true);
}
