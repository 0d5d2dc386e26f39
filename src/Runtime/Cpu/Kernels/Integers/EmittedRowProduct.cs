using ArchGen.Cpu.Kernels.MachineCode;
using ArchGen.Cpu.Kernels.MachineCode.Formats;
using ArchGen.Formats;

namespace ArchGen.Cpu.Kernels.Integers;

/// <summary>
/// Row products in emitted code: integer types with activations of 16 bits, 16-bit floats with unrounded activations, in half precision for one token.
/// </summary>
internal sealed unsafe class EmittedRowProduct(TensorType type, bool isWide) : RowProduct
{
    private readonly IntegerLayout? _layout = FormatKernelTable.Of(type).FindDotsLayout(isWide);
    private readonly HalfRowProduct? _ofOne = isWide && FormatKernelTable.Of(type).HalfDots is not null ? new HalfRowProduct(type) : null;
    private DotEmitter? _code;

    /// <summary>The product of a type, in 512-bit or 256-bit instructions; null if there is no emitter.</summary>
    public static EmittedRowProduct? Find(TensorType type, bool isWide) =>
        FormatKernelTable.Of(type).HasDots(isWide) ? new EmittedRowProduct(type, isWide) : null;

    // From here on tiles are faster, measured on Zen 4.
    public override int MaxTokens { get; } = isWide ? FormatKernelTable.Of(type).MaxTokens : 16;

    // One token of F16 is prepared in half precision, and one of BF16 as it is.
    public override int Layout => _layout is { } layout ? 8 + (int)layout.Order + (16 * layout.Offset) : _ofOne is null ? 3 : 2;

    public override long Stride(int k) => _layout is not null ? IntegerActivations.Stride(k) : FloatActivations.Stride(k);

    public override RowProduct OfTokens(int tokens) => tokens == 1 && _ofOne is not null ? _ofOne : this;

    public override void WarmUp()
    {
        _code = DotEmitter.For(type, isWide);
        _ofOne?.WarmUp();
    }

    protected override void Prepare(float* x, int k, byte* prepared)
    {
        if (_layout is { } layout) IntegerActivations.Fill(x, k, layout, prepared);
        else FloatActivations.Fill(x, k, prepared);
    }

    public override void Multiply(byte* weights, long rowBytes, int rows, int k, byte* prepared, int tokens, float* y, long yStride)
    {
        (_code ??= DotEmitter.For(type, isWide)).Compute(weights, rowBytes, rows, k, prepared, Stride(k), tokens, y, yStride);
        if (_layout is null) return;
        for (var t = 0; t < tokens; t++) Scale(y + (t * yStride), rows, IntegerActivations.ScaleOf(prepared + (t * Stride(k)), k));
    }
}
