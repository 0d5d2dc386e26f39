using ArchGen.Graphs;

namespace ArchGen.Dsl.Tests.Graphs;

public class GraphDrawingTests
{
    [Fact]
    public void Mermaid()
    {
        const string expected = """
            flowchart TD
                n0(["x<br/>encoded [S, 8]"])
                n10[["output<br/>scale [S, 8]"]]
                subgraph b0["blk.0"]
                    n1[("blk.0.gate.weight<br/>weight [8, 8]")]
                    n2["blk.0.gate<br/>linear [S, 8]"]
                    n3["blk.0.gate (silu)<br/>silu [S, 8]"]
                    n4["blk.0.out<br/>multiply [S, 8]"]
                end
                subgraph b1["blk.1"]
                    n5[("blk.1.gate.weight<br/>weight [8, 8]")]
                    n6[("blk.1.gate.bias<br/>weight [8]")]
                    n7["blk.1.gate<br/>linear [S, 8]"]
                    n8["blk.1.gate (silu)<br/>silu [S, 8]"]
                    n9["blk.1.out<br/>multiply [S, 8]"]
                end
                n0 -.->|x| n2
                n1 -.->|weight| n2
                n2 --> n3
                n3 -->|a| n4
                n0 -.->|b| n4
                n4 -->|x| n7
                n5 -.->|weight| n7
                n6 -.->|bias| n7
                n7 --> n8
                n8 -->|a| n9
                n4 -->|b| n9
                n9 --> n10

            """;
        Assert.Equal(expected, GraphMermaid.Print(SampleGraphs.FeedForward()));
    }

    [Fact]
    public void Dot()
    {
        const string expected = """
            digraph "ffn" {
                node [shape=box];
                n0 [label="x\nencoded [S, 8]", style=rounded];
                n10 [label="output\nscale [S, 8]", peripheries=2];
                subgraph cluster_0 {
                    label="blk.0";
                    n1 [label="blk.0.gate.weight\nweight [8, 8]", shape=cylinder];
                    n2 [label="blk.0.gate\nlinear [S, 8]"];
                    n3 [label="blk.0.gate (silu)\nsilu [S, 8]"];
                    n4 [label="blk.0.out\nmultiply [S, 8]"];
                }
                subgraph cluster_1 {
                    label="blk.1";
                    n5 [label="blk.1.gate.weight\nweight [8, 8]", shape=cylinder];
                    n6 [label="blk.1.gate.bias\nweight [8]", shape=cylinder];
                    n7 [label="blk.1.gate\nlinear [S, 8]"];
                    n8 [label="blk.1.gate (silu)\nsilu [S, 8]"];
                    n9 [label="blk.1.out\nmultiply [S, 8]"];
                }
                n0 -> n2 [label="x", style=dotted];
                n1 -> n2 [label="weight", style=dotted];
                n2 -> n3;
                n3 -> n4 [label="a"];
                n0 -> n4 [label="b", style=dotted];
                n4 -> n7 [label="x"];
                n5 -> n7 [label="weight", style=dotted];
                n6 -> n7 [label="bias", style=dotted];
                n7 -> n8;
                n8 -> n9 [label="a"];
                n4 -> n9 [label="b"];
                n9 -> n10;
            }

            """;
        Assert.Equal(expected, GraphDot.Print(SampleGraphs.FeedForward()));
    }

    [Fact]
    public void Reserved_characters_are_escaped()
    {
        var b = new GraphBuilder("a \"b\"");
        var graph = b.Build(b.Add("y <\"1\"> \\n #2", Op.Silu, [b.Weight("w", 2)], default));
        Assert.Contains("n1[[\"y #60;#34;1#34;#62; #92;n #35;2<br/>silu [2]\"]]", GraphMermaid.Print(graph));
        Assert.Contains("digraph \"a \\\"b\\\"\" {", GraphDot.Print(graph));
        Assert.Contains("n1 [label=\"y <\\\"1\\\"> \\\\n #2\\nsilu [2]\", peripheries=2];", GraphDot.Print(graph));
    }

    [Theory]
    [InlineData("blk.3.attn_q", "blk.3")]
    [InlineData("blk.12 (out)", "blk.12")]
    [InlineData("enc.blk.0.ffn_up", "enc.blk.0")]
    [InlineData("blk.3x", null)]
    [InlineData("output", null)]
    public void The_block_is_in_the_name(string name, string? block) =>
        Assert.Equal(block, BlockName.Of(new Node(0, name, Op.Weight, new Shape(1), [], default)));
}
