using ArchGen.Eager;
using static ArchGen.Dsl.Tests.Ops.OpRun;

namespace ArchGen.Dsl.Tests.Ops;

public class RecurrentReferenceTests
{
    [Fact]
    public void Causal_conv_sees_the_last_tokens_oldest_first()
    {
        Operand x = Tensor([3, 2], 1, 10, 2, 20, 3, 30), weight = Tensor([2, 2], 100, 1, 0, 1);
        Assert.Equal([1, 10, 102, 20, 203, 30], Of(Op.CausalConv, default, x, weight, null, null).Values);
        Assert.Equal([1.5f, 10.25f, 102.5f, 20.25f, 203.5f, 30.25f], Of(Op.CausalConv, default, x, weight, Tensor([2], 0.5f, 0.25f), null).Values);
    }

    [Fact]
    public void Selective_scan_decays_its_state_and_adds_to_it()
    {
        // One head, d 1, n 2, e^(dt a) = 1/2 at each step of 2.
        var a = Tensor([1, 1], -MathF.Log(2) / 2);
        Operand x = Tensor([3, 1, 1], 1, 0, 3), dt = Tensor([3, 1], 2, 2, 2);
        Operand b = Tensor([3, 1, 2], 1, 10, 7, 7, 1, 0), c = Tensor([3, 1, 2], 1, 1, 1, 0, 0, 1);
        // h: (2, 20), (1, 10), (0.5 + 6, 5)
        Close([22, 1, 5], Of(Op.SelectiveScan, default, x, dt, a, b, c, null).Values, 1e-5f);
    }

    [Fact]
    public void Heads_of_a_group_share_b_and_c()
    {
        Operand x = Tensor([1, 4, 1], 1, 2, 3, 4), dt = Tensor([1, 4], 1, 1, 1, 0.5f), a = Tensor([4, 1], -1, -1, -1, -1);
        Operand b = Tensor([1, 2, 1], 1, 10), c = Tensor([1, 2, 1], 1, 2);
        Close([1, 2, 60, 40], Of(Op.SelectiveScan, default, x, dt, a, b, c, null).Values);
    }

    [Fact]
    public void Without_decay_the_scan_is_linear_attention()
    {
        Operand x = Random(1, 5, 1, 1), b = Random(2, 5, 1, 3), c = Random(3, 5, 1, 3), one = Tensor([5, 1], 1, 1, 1, 1, 1);
        var y = Of(Op.SelectiveScan, default, x, one, Tensor([1, 1], 0), b, c, null);
        for (var t = 0; t < 5; t++)
        {
            var sum = Enumerable.Range(0, t + 1).Sum(s => x.Values[s] * Enumerable.Range(0, 3).Sum(n => c.Values[(t * 3) + n] * b.Values[(s * 3) + n]));
            Assert.Equal(sum, y.Values[t], 1e-4f);
        }
    }

    [Fact]
    public void The_delta_rule_holds_the_last_value_of_a_key()
    {
        // One head, d 1, n 2. Without decay a full correction replaces what a key held, and leaves what another key holds.
        Operand k = Tensor([3, 1, 2], 1, 0, 0, 1, 1, 0), q = Tensor([3, 1, 2], 1, 0, 1, 0, 1, 1), v = Tensor([3, 1, 1], 5, 7, 3);
        Operand one = Tensor([3, 1], 1, 1, 1), none = Tensor([3, 1], 0, 0, 0);
        Close([5, 5, 10], Of(Op.GatedDeltaRule, default, q, k, v, none, one, null).Values);
        // Half of it goes half the way: 2.5, then (2.5, 3.5), then (2.75, 3.5).
        Close([2.5f, 2.5f, 6.25f], Of(Op.GatedDeltaRule, default, q, k, v, none, Tensor([3, 1], 0.5f, 0.5f, 0.5f), null).Values);
    }

    [Fact]
    public void The_delta_rule_decays_before_it_corrects()
    {
        Operand k = Tensor([2, 1, 1], 1, 1), v = Tensor([2, 2, 1], 8, 4, 8, 8), half = Tensor([2, 2], 0, 0, -MathF.Log(2), 0);
        // Two heads of one group: 8 decays to 4 and goes half the way to 8; 4 stays and goes a quarter of the way to 8.
        Close([8, 4, 6, 5], Of(Op.GatedDeltaRule, default, k, k, v, half, Tensor([2, 2], 1, 1, 0.5f, 0.25f), null).Values);
    }
}
