using ArchGen.Graphs;

namespace ArchGen.Dsl.Tests.Graphs;

public class GraphTextTests
{
    [Fact]
    public void A_graph_reads_like_its_model()
    {
        const string expected = """
            graph ffn -> output

            x = encoded : [S, 8]

            blk.0.gate.weight = weight : [8, 8]
            blk.0.gate = linear(x, blk.0.gate.weight) : [S, 8]
            "blk.0.gate (silu)" = silu(blk.0.gate) : [S, 8]
            blk.0.out = multiply("blk.0.gate (silu)", x) : [S, 8]

            blk.1.gate.weight = weight : [8, 8]
            blk.1.gate.bias = weight : [8]
            blk.1.gate = linear(blk.0.out, blk.1.gate.weight, bias: blk.1.gate.bias) : [S, 8]
            "blk.1.gate (silu)" = silu(blk.1.gate) : [S, 8]
            blk.1.out = multiply("blk.1.gate (silu)", blk.0.out) : [S, 8]

            output = scale(blk.1.out, factor = 0.1) : [S, 8]

            """;
        Assert.Equal(expected, GraphText.Print(SampleGraphs.FeedForward()));
    }

    [Fact]
    public void Kinds_and_masks_are_words()
    {
        var text = GraphText.Print(SampleGraphs.Decoder());
        Assert.Contains("\"blk.0.attn_q (rope)\" = rope(\"blk.0.attn_q (heads)\", kind = neox, dims = 4, freqBase = 10000, ", text);
        Assert.Contains("factor = 0.5, mask = causal, window = 0, ", text);
    }

    [Fact]
    public void Graphs_are_read_as_they_were_printed() => AssertRoundTrip(SampleGraphs.Decoder());

    [Fact]
    public void Random_graphs_are_read_as_they_were_printed()
    {
        for (var seed = 0; seed < 300; seed++) AssertRoundTrip(SampleGraphs.Random(seed));
    }

    [Fact]
    public void Symbolic_shapes_are_read_as_they_were_printed()
    {
        Dim heads = Dim.Symbol("Heads"), headDim = Dim.Symbol("HeadDim"), embd = Dim.Symbol("Embd");
        var b = new GraphBuilder("symbolic");
        var x = b.Leaf(Op.Encoded, "x", new Shape(Dim.EncoderTokens, embd));
        AssertRoundTrip(b.Build(b.Add("q", Op.Linear, [x, b.Weight("q.weight", (heads * headDim) + (embd / 2) - 1, embd), -1, -1], default)));
    }

    [Fact]
    public void Spaces_and_comments_mean_nothing()
    {
        var graph = GraphText.Parse("// a comment\r\n\n graph  t->y\r\n x=weight:[ 2 ]\n\ty = scale ( x , factor=2 ) : [1+1] \n");
        Assert.Equal("graph t -> y\n\nx = weight : [2]\ny = scale(x, factor = 2) : [2]\n", GraphText.Print(graph));
    }

    [Theory]
    [InlineData("", 1, 1, "the text is empty")]
    [InlineData("tree t -> y", 1, 1, "expected 'graph NAME -> OUTPUT'")]
    [InlineData("graph t", 1, 8, "found the end of the line, expected '-'")]
    [InlineData("graph t -> z\nx = weight : [2]", 1, 12, "the output is 'z', but no line defines it")]
    [InlineData("graph t -> x\nx = weigth : [2]", 2, 5, "'weigth' is no operation")]
    [InlineData("graph t -> x\nx = weight : [2]\nx = weight : [2]", 3, 1, "'x' is defined already")]
    [InlineData("graph t -> x\nx = weight : [2, 3 4]", 2, 20, "found '4', expected ',' or ']'")]
    [InlineData("graph t -> x\nx = weight", 2, 11, "found the end of the line, expected ':'")]
    [InlineData("graph t -> x\nx = weight : 2", 2, 14, "found '2', expected a shape, '['")]
    [InlineData("graph t -> x\nx = silu(y) : [2]", 2, 10, "no line before this one defines 'y'")]
    [InlineData("graph t -> x\ny = weight : [2]\nx = silu(y, y) : [2]", 3, 13, "one operand too many")]
    [InlineData("graph t -> x\ny = weight : [2]\nx = silu(y, factor = 1) : [2]", 3, 13, "silu takes no number 'factor', only none")]
    [InlineData("graph t -> x\ny = weight : [2]\nx = scale(y, factor = two) : [2]", 3, 23, "found 'two', expected a number")]
    [InlineData("graph t -> x\ny = weight : [2]\nx = rms_norm(y, bias: y) : [2]", 3, 17, "rms_norm has no optional operand 'bias'")]
    [InlineData("graph t -> x\ny = weight : [2]\nx = rms_norm(y, weight: y, weight: y) : [2]", 3, 28, "'weight' is given already")]
    [InlineData("graph t -> x\n\"x = weight : [2]", 2, 1, "the quote is not closed")]
    [InlineData("graph t -> x\n\"x\\n\" = weight : [2]", 2, 4, "found 'n', expected '\"', '\\' or 'u' and four hexadecimal digits")]
    [InlineData("graph t -> x\n1x = weight : [2]", 2, 1, "the name '1x' needs quotes")]
    public void A_mistake_is_reported_where_it_is(string text, int line, int column, string message)
    {
        var error = Assert.Throws<GraphException>(() => GraphText.Parse(text));
        Assert.StartsWith($"Graph text, line {line}, column {column}: {message}", error.Message);
    }

    [Fact]
    public void What_is_read_is_verified()
    {
        var error = Assert.Throws<GraphException>(() => GraphText.Parse("graph t -> y\nx = weight : [2]\ny = silu(x) : [3]"));
        Assert.Equal("Graph t, node 1, y (silu): it has shape [3], but its operands make [2].", error.Message);
    }

    [Fact]
    public void Cut_texts_give_a_message()
    {
        var text = GraphText.Print(SampleGraphs.Decoder());
        for (var length = 0; length < text.Length - 1; length += 7) Assert.Throws<GraphException>(() => GraphText.Parse(text[..length]));
    }

    private static void AssertRoundTrip(Graph graph)
    {
        GraphVerifier.Verify(graph);
        var text = GraphText.Print(graph);
        var read = GraphText.Parse(text);
        Assert.Equal(text, GraphText.Print(read));
        Assert.Equal(graph.Name, read.Name);
        Assert.Equal(graph.Output.Id, read.Output.Id);
        Assert.Equal(graph.Nodes.Count, read.Nodes.Count);
        foreach (var (expected, found) in graph.Nodes.Zip(read.Nodes))
        {
            Assert.Equal(expected.Id, found.Id);
            Assert.Equal(expected.Name, found.Name);
            Assert.Equal(expected.Op, found.Op);
            Assert.Equal(expected.Shape, found.Shape);
            Assert.Equal(expected.Attributes, found.Attributes);
            Assert.Equal(expected.Inputs.Select(input => input?.Id), found.Inputs.Select(input => input?.Id));
        }
    }
}
