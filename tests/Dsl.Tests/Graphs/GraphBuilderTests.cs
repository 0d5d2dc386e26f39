using ArchGen.Graphs;

namespace ArchGen.Dsl.Tests.Graphs;

/// <summary>A graph's names are decided when it is built.</summary>
public class GraphBuilderTests
{
    [Fact]
    public void Nodes_of_one_name_are_numbered_when_all_names_are_known()
    {
        var b = new GraphBuilder("names");
        var x = b.Leaf(Op.Encoded, "x", new Shape(Dim.EncoderTokens, 8));
        var first = b.Add("silu", Op.Silu, [x], default);
        var second = b.Add("silu", Op.Silu, [first], default);
        var third = b.Add("silu", Op.Silu, [second], default);
        b.Name(first, "gate");
        Assert.Equal(["x", "gate", "silu", "silu #2"], b.Build(third).Nodes.Select(n => n.Name));
    }

    [Fact]
    public void The_last_name_of_an_operation_counts_and_a_leaf_keeps_its_own()
    {
        var b = new GraphBuilder("names");
        var x = b.Leaf(Op.Encoded, "x", new Shape(Dim.EncoderTokens, 8));
        var y = b.Add("silu", Op.Silu, [x], default);
        b.Name(y, "gate");
        b.Name(y, "up");
        b.Name(x, "z");
        Assert.Equal(["x", "up"], b.Build(y).Nodes.Select(n => n.Name));
    }
}
