using ArchGen.Eager;
using static ArchGen.Runtime.Tests.Ops.OpRun;

namespace ArchGen.Runtime.Tests.Ops;

public class RecurrentReferenceTests
{
    [Fact]
    public void CausalConvSeesTheLastTokensOldestFirst()
    {
        Operand x = Tensor([3, 2], 1, 10, 2, 20, 3, 30), weight = Tensor([2, 2], 100, 1, 0, 1);
        Assert.Equal([1, 10, 102, 20, 203, 30], Of(Op.CausalConv, default, x, weight, null, null).Values);
        Assert.Equal([1.5f, 10.25f, 102.5f, 20.25f, 203.5f, 30.25f], Of(Op.CausalConv, default, x, weight, Tensor([2], 0.5f, 0.25f), null).Values);
    }

    [Fact]
    public void SelectiveScanDecaysItsStateAndAddsToIt()
    {
        // One head, d 1, n 2, e^(dt a) = 1/2 at each step of 2.
        var a = Tensor([1, 1], -MathF.Log(2) / 2);
        Operand x = Tensor([3, 1, 1], 1, 0, 3), dt = Tensor([3, 1], 2, 2, 2);
        Operand b = Tensor([3, 1, 2], 1, 10, 7, 7, 1, 0), c = Tensor([3, 1, 2], 1, 1, 1, 0, 0, 1);
        // h: (2, 20), (1, 10), (0.5 + 6, 5)
        Close([22, 1, 5], Of(Op.SelectiveScan, default, x, dt, a, b, c, null).Values, 1e-5f);
    }

    [Fact]
    public void HeadsOfAGroupShareBAndC()
    {
        Operand x = Tensor([1, 4, 1], 1, 2, 3, 4), dt = Tensor([1, 4], 1, 1, 1, 0.5f), a = Tensor([4, 1], -1, -1, -1, -1);
        Operand b = Tensor([1, 2, 1], 1, 10), c = Tensor([1, 2, 1], 1, 2);
        Close([1, 2, 60, 40], Of(Op.SelectiveScan, default, x, dt, a, b, c, null).Values);
    }

    [Fact]
    public void WithoutDecayTheScanIsLinearAttention()
    {
        Operand x = Random(1, 5, 1, 1), b = Random(2, 5, 1, 3), c = Random(3, 5, 1, 3), one = Tensor([5, 1], 1, 1, 1, 1, 1);
        var y = Of(Op.SelectiveScan, default, x, one, Tensor([1, 1], 0), b, c, null);
        for (var t = 0; t < 5; t++)
        {
            var sum = Enumerable.Range(0, t + 1).Sum(s => x.Values[s] * Enumerable.Range(0, 3).Sum(n => c.Values[(t * 3) + n] * b.Values[(s * 3) + n]));
            Assert.Equal(sum, y.Values[t], 1e-4f);
        }
    }
}
