using System.Numerics;
using ArchGen.Cpu.Steps;
using ArchGen.Eager;
using ArchGen.Runtime.Elementwise;

namespace ArchGen.Cpu.Tests.Steps;

/// <summary>Elementwise operations in the lanes of vectors.</summary>
public sealed class ElementwiseOpTests
{
    private static readonly Attributes Numbers = new((Attr.Factor, -1.7f), (Attr.Offset, 0.3f), (Attr.Min, -0.9f), (Attr.Max, 2.5f));

    public static TheoryData<Op> Operations => [.. Enum.GetValues<Op>().Where(ElementwiseOp.Is)];

    /// <summary>xIELU's formula is that of the reference.</summary>
    public static TheoryData<Op> WithFormula => [.. Enum.GetValues<Op>().Where(op => ElementwiseOp.Is(op) && op != Op.Xielu)];

    [Theory, MemberData(nameof(WithFormula))]
    public void Every_operation_has_the_bits_of_its_formula_for_vectors(Op op)
    {
        // All exponents, both signs, subnormals, infinities and NaN.
        for (ulong bits = 0; bits <= uint.MaxValue; bits += 9973)
        {
            var a = Filled((uint)bits);
            var b = Filled((uint)(bits * 2654435761));
            Same(DirectFormulas.Of(op, Numbers, a, b), ElementwiseOp.Apply(op, Numbers, new Lanes(a), new Lanes(b)).Value, a[0]);
        }

        foreach (var x in new[] { 0f, -0f, 1e-45f, -1e-45f, float.PositiveInfinity, float.NegativeInfinity, float.NaN, float.MaxValue, 10, -10, 0.625f })
            Same(DirectFormulas.Of(op, Numbers, new(x), new(0f)), ElementwiseOp.Apply(op, Numbers, new Lanes(new(x)), 0f).Value, x);
    }

    [Theory, MemberData(nameof(Operations))]
    public void Every_operation_is_the_reference_to_a_hundred_thousandth(Op op)
    {
        for (var x = -12f; x < 12; x += 0.0137f)
        {
            var (a, b) = (op == Op.Sqrt ? Math.Abs(x) : x, (x * 1.3f) + 0.51f);
            var operand = new Operand([a], [1]);
            var inputs = OpTable.Of(op).Operands.Count == 2 ? new[] { operand, new Operand([b], [1]) } : [operand];
            var expected = Reference.Run(op, Numbers, inputs, [1], [0]).Values[0];
            var actual = ElementwiseOp.Apply<Lanes>(op, Numbers, a, b).Value[0];
            // Near a zero of the function what is added to it counts; where it vanishes, the exponent that was rounded.
            var scale = Math.Max(Math.Abs(expected), op is Op.Gelu or Op.Affine ? Math.Abs(x) : 0);
            Assert.True(Math.Abs(expected - actual) <= (1e-5 * scale) + 1e-14, $"{op}({a}, {b}): {expected} {actual}");
        }
    }

    [Fact]
    public void The_series_of_the_logarithm_is_exact_to_a_few_places()
    {
        for (var x = 1f; x > 1e-30f; x *= 0.997f)
        {
            double d = x;
            var expected = d < 1e-5 ? d - (d * d / 2) : Math.Log(1 + d);
            Assert.InRange(Functions.LogOnePlus<Lanes>(x).Value[0] / expected, 1 - 3e-7, 1 + 3e-7);
        }
    }

    private static Vector<float> Filled(uint bits) => new(BitConverter.UInt32BitsToSingle(bits));

    // Which NaN it is depends on the order in which the compiler puts the operands.
    private static void Same(Vector<float> expected, Vector<float> actual, float x) => Assert.True(
        float.IsNaN(expected[0]) ? float.IsNaN(actual[0]) : BitConverter.SingleToInt32Bits(expected[0]) == BitConverter.SingleToInt32Bits(actual[0]),
        $"{x}: {expected[0]} {actual[0]}");
}
