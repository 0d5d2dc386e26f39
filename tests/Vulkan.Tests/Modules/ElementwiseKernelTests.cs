using ArchGen.Runtime.Elementwise;
using ArchGen.Vulkan.Modules;

namespace ArchGen.Vulkan.Tests.Modules;

/// <summary>Shaders that C# writes for chains of elementwise operations.</summary>
public sealed class ElementwiseKernelTests
{
    public static TheoryData<Op> Operations => [.. Chains.All];

    [Theory, MemberData(nameof(Operations))]
    public void Every_operation_is_a_valid_shader(Op op)
    {
        foreach (var layout in Enum.GetValues<ElementwiseLayout>())
            SpirvValidator.Check(ElementwiseKernel.Write(Chains.Of(op), layout), $"{op} {layout}");
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void Random_chains_are_valid_shaders(int leaves)
    {
        var random = new Random(leaves);
        for (var length = 1; length < 9; length++)
        {
            var chain = Chains.Random(random, Chains.All, leaves, length);
            SpirvValidator.Check(ElementwiseKernel.Write(chain, (ElementwiseLayout)(length % 3)), chain.Key);
        }
    }

    [Fact]
    public void Equal_chains_have_equal_keys_and_words()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            Chain first = Chains.Random(new Random(seed), Chains.All, 3, 5), second = Chains.Random(new Random(seed), Chains.All, 3, 5);
            Assert.Equal(first.Key, second.Key);
            Assert.Equal(ElementwiseKernel.Write(first, ElementwiseLayout.Heads), ElementwiseKernel.Write(second, ElementwiseLayout.Heads));
        }
    }

    [Fact]
    public void Chains_that_differ_have_other_keys()
    {
        var (x, y) = (Chains.Leaf(0), Chains.Leaf(1));
        Chain[] chains =
        [
            new([Chains.Apply(Op.Scale, new((Attr.Factor, 0.1f)), x)]), new([Chains.Apply(Op.Scale, new((Attr.Factor, 0.1)), x)]),
            new([Chains.Apply(Op.Add, default, x, y)]), new([Chains.Apply(Op.Add, default, x, x)]), new([Chains.Apply(Op.Add, default, x, y)], y),
            new([Chains.Apply(Op.Subtract, default, x, y)]), new([Chains.Apply(Op.Silu, default, x)]),
        ];
        Assert.Equal(chains.Length, chains.Select(c => ElementwiseKernel.Key(c, ElementwiseLayout.Flat)).Distinct().Count());
        Assert.NotEqual(ElementwiseKernel.Key(chains[0], ElementwiseLayout.Flat), ElementwiseKernel.Key(chains[0], ElementwiseLayout.Rows));
    }

    [Fact]
    public void Chains_of_more_operands_than_push_constants_hold_do_not_fit()
    {
        Chain Sum(int leaves)
        {
            var sum = Chains.Leaf(0);
            var nodes = Enumerable.Range(1, leaves - 1).Select(i => sum = Chains.Apply(Op.Add, default, sum, Chains.Leaf(i))).ToList();
            return new Chain(nodes);
        }

        Assert.True(ElementwiseKernel.Fits(Sum(3)));
        Assert.False(ElementwiseKernel.Fits(Sum(4)));
        Assert.Throws<ArgumentException>(() => ElementwiseKernel.Write(Sum(4), ElementwiseLayout.Flat));
    }
}
