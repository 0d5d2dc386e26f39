using ArchGen.Dsl.Tests.Graphs;
using ArchGen.Runtime.Tests.Execution;
using ArchGen.Runtime.Tests.Execution.Cases;
using ArchGen.Graphs;

namespace ArchGen.Runtime.Tests.Ops;

/// <summary>What holds for the specification of every operation.</summary>
public sealed class OpSpecTests
{
    [Fact]
    public void Every_operation_is_in_the_table_with_a_word_of_its_own()
    {
        Assert.Equal(Enum.GetValues<Op>(), OpTable.All.Select(spec => spec.Op));
        Assert.All(OpTable.All, spec => Assert.Same(spec, OpTable.Named(spec.Word)));
    }

    [Fact]
    public void Every_slot_stands_once_and_finds_its_operand()
    {
        foreach (var spec in OpTable.All)
        {
            Assert.Distinct(spec.Operands.Select(o => o.Name));
            for (var i = 0; i < spec.Operands.Count; i++) Assert.Equal(i, spec.IndexOf(spec.Operands[i].Slot));
        }
    }

    [Fact]
    public void An_operand_that_is_not_there_is_null_or_an_error()
    {
        var linear = SampleGraphs.Decoder().Nodes.First(n => n.Name == "blk.0.attn_k");
        Assert.Equal("blk.0.attn_k.weight", linear.Input(Slot.Weight).Name);
        Assert.Null(linear.Find(Slot.Bias));
        Assert.Null(linear.Find(Slot.Table));
        Assert.Equal(
            "blk.0.attn_k = linear [T, 4]: it has no operand 'bias'.", Assert.Throws<InvalidOperationException>(() => linear.Input(Slot.Bias)).Message);
    }

    [Fact]
    public void Every_number_is_whole_or_not() => Assert.All(Enum.GetValues<Attr>(), attribute => Assert.Null(Record.Exception(() => attribute.IsWhole())));

    [Fact]
    public void Integers_are_whole_and_only_they()
    {
        var fractional = new HashSet<Op>();
        foreach (var operation in OperationCases.All)
        {
            using var run = new ReferenceRun(operation.Build());
            foreach (var (node, values) in run.EvaluateNodes(ReferenceRun.Tokens(7)))
                if (values.Values.Any(v => v != MathF.Floor(v))) fractional.Add(node.Op);
        }

        var others = OpTable.All.Where(spec => !spec.IsInteger && !spec.IsLeaf && spec.Op != Op.SelectOutputs).Select(spec => spec.Op);
        Assert.Equal(others.Order(), fractional.Where(op => !OpTable.Of(op).IsLeaf).Order());
    }

    [Fact]
    public void Mutations_of_every_operation_fit_or_are_refused()
    {
        var (applied, refused) = (0, 0);
        foreach (var graph in OperationCases.All.Select(c => c.Build()))
        {
            foreach (var node in graph.Nodes)
            {
                foreach (var (name, mutation) in MutationTable.Of(node))
                {
                    try
                    {
                        var wrong = GraphRewriter.Apply(graph, (r, n) => n == node ? mutation(r) : null);
                        GraphVerifier.Verify(wrong);
                        Assert.NotEqual(GraphText.Print(graph), GraphText.Print(wrong));
                        applied++;
                    }
                    catch (Exception error) when (error is ShapeException or ArchGenException)
                    {
                        refused++;
                    }
                }
            }
        }

        Assert.True(applied > 100 && refused < applied / 4, $"{applied} mutations fit, {refused} are refused");
    }

    [Fact]
    public void A_rewrite_without_a_rule_changes_nothing() => Assert.All(
        OperationCases.All.Select(c => c.Build()),
        graph => Assert.Equal(GraphText.Print(graph), GraphText.Print(GraphRewriter.Apply(graph, (_, _) => null))));
}
