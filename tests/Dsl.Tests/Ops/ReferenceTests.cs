using ArchGen.Eager;
using static ArchGen.Dsl.Tests.Ops.OpRun;

namespace ArchGen.Dsl.Tests.Ops;

public class ReferenceTests
{
    [Fact]
    public void Every_operation_but_the_leaves_has_a_reference()
    {
        foreach (var spec in OpTable.All)
        {
            var call = () => Reference.Run(spec.Op, default, [], [1], [0]);
            if (spec.ShapeRule is null) Assert.Contains("is a leaf", Assert.Throws<InvalidOperationException>(call).Message);
            else Assert.DoesNotContain("is a leaf", Record.Exception(call)?.Message ?? "");
        }
    }

    [Fact]
    public void Select_outputs_keeps_all_rows() => Assert.Equal([1, 2], Of(Op.SelectOutputs, default, Tensor([2, 1], 1, 2)).Values);
}
