using System.Numerics;
using ArchGen.Cpu.Steps;
using ArchGen.Eager;
using ArchGen.Runtime.Elementwise;

namespace ArchGen.Vulkan.Tests.Modules;

/// <summary>The formulas as shaders compute them, against those of the processor and in double precision.</summary>
public sealed class NumberTests
{
    public static TheoryData<Op> Operations => [.. Chains.All];

    [Theory, MemberData(nameof(Operations))]
    public void Every_operation_is_the_reference_and_the_processors(Op op)
    {
        double difference = 0, toProcessor = 0, magnitude = 0;
        for (var x = -12f; x < 12; x += 0.0137f)
        {
            var (a, b) = (op == Op.Sqrt ? Math.Abs(x) : x, 1.5f + (x * 0.1f));
            Operand[] inputs = OpTable.Of(op).Operands.Count == 2 ? [new([a], [1]), new([b], [1])] : [new([a], [1])];
            var expected = Reference.Run(op, Chains.Numbers, inputs, [1], [0]).Values[0];
            var actual = ElementwiseOp.Apply<Number>(op, Chains.Numbers, a, b).Value;
            difference += Math.Pow(actual - expected, 2);
            toProcessor += Math.Pow(actual - ElementwiseOp.Apply<Lanes>(op, Chains.Numbers, a, b).Value[0], 2);
            magnitude += Math.Pow(expected, 2);
        }

        Assert.InRange(difference / magnitude, 0, 1e-13);
        Assert.InRange(toProcessor / magnitude, 0, 1e-13);
    }

    [Fact]
    public void Random_chains_are_the_processors()
    {
        var random = new Random(11);
        for (var length = 1; length < 20; length++)
        {
            var chain = Chains.Random(random, Chains.Tame, 3, length);
            double difference = 0, magnitude = 0;
            for (var i = 0; i < 200; i++)
            {
                float[] x = [.. Enumerable.Range(0, chain.Operands.Count).Select(_ => (float)((random.NextDouble() * 8) - 4))];
                var number = chain.Apply<Number>(Array.ConvertAll(x, v => new Number(v))).Value;
                var lanes = chain.Apply<Lanes>(Array.ConvertAll(x, v => new Lanes(new Vector<float>(v)))).Value[0];
                difference += Math.Pow(number - lanes, 2);
                magnitude += Math.Pow(lanes, 2);
            }

            Assert.True(difference <= 1e-12 * magnitude, $"{chain.Key}: {difference / magnitude}");
        }
    }
}
