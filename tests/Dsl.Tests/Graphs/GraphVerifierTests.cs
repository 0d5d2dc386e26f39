using ArchGen.Graphs;

namespace ArchGen.Dsl.Tests.Graphs;

public class GraphVerifierTests
{
    private static readonly Shape Two = new(2);

    private static Node Weight(int id, string name = "w") => new(id, name, Op.Weight, Two, [], default);

    private static Node Scale(int id, Node? input, string name = "y", Attributes? numbers = null, Shape? shape = null) =>
        new(id, name, Op.Scale, shape ?? Two, [input], numbers ?? new((Attr.Factor, 2)));

    private static void AssertRefused(string message, Node output, params Node[] nodes) =>
        Assert.Equal("Graph g, " + message, Assert.Throws<GraphException>(() => GraphVerifier.Verify(new Graph("g", nodes, output))).Message);

    [Fact]
    public void Sound_graphs_pass()
    {
        var w = Weight(0);
        var y = Scale(1, w);
        GraphVerifier.Verify(new Graph("g", [w, y], y));
        GraphVerifier.Verify(SampleGraphs.Decoder());
    }

    [Fact]
    public void An_id_is_the_place()
    {
        var w = Weight(1);
        AssertRefused("node 1, w (weight): it stands at place 0, expected its id, 1.", w, w);
    }

    [Fact]
    public void Operands_come_first()
    {
        var w = Weight(1);
        var y = Scale(0, w);
        AssertRefused("node 0, y (scale): its operand 'x', w, is node 1; expected an earlier one.", y, y, w);
    }

    [Fact]
    public void Operands_belong_to_the_graph()
    {
        var y = Scale(1, Weight(0));
        AssertRefused("node 1, y (scale): its operand 'x', w, is not a node of this graph.", y, Weight(0), y);
    }

    [Fact]
    public void Slots_are_those_of_the_operation()
    {
        var w = Weight(0);
        var y = new Node(1, "y", Op.Linear, Two, [w, w], default);
        AssertRefused("node 1, y (linear): it has 2 operand slots, expected 4 (x, weight, bias?, scale?).", y, w, y);
    }

    [Fact]
    public void A_leaf_has_no_operands()
    {
        var w = Weight(0);
        var y = new Node(1, "y", Op.Weight, Two, [w], default);
        AssertRefused("node 1, y (weight): it has 1 operand slots, expected 0 ().", y, w, y);
    }

    [Fact]
    public void Only_optional_slots_are_empty()
    {
        var y = Scale(0, null);
        AssertRefused("node 0, y (scale): its operand 'x' is missing.", y, y);
    }

    [Fact]
    public void Numbers_are_those_of_the_operation()
    {
        var w = Weight(0);
        Node y = Scale(1, w, numbers: default(Attributes)), z = Scale(1, w, numbers: new((Attr.Factor, 2), (Attr.Epsilon, 1)));
        AssertRefused("node 1, y (scale): its number 'factor' is missing.", y, w, y);
        AssertRefused("node 1, y (scale): it has the number 'epsilon', which scale does not take.", z, w, z);
    }

    [Fact]
    public void Numbers_are_given_once_and_are_numbers()
    {
        var w = Weight(0);
        Node y = Scale(1, w, numbers: new((Attr.Factor, 2), (Attr.Factor, 2))), z = Scale(1, w, numbers: new((Attr.Factor, double.NaN)));
        AssertRefused("node 1, y (scale): it has the number 'factor' twice.", y, w, y);
        AssertRefused("node 1, y (scale): its number 'factor' is NaN.", z, w, z);
    }

    [Theory]
    [InlineData(1.5, "1.5")]
    [InlineData(1e10, "10000000000")]
    public void Counts_are_whole_numbers(double value, string text)
    {
        var w = Weight(0);
        var y = new Node(1, "y", Op.TopK, new Shape(1), [w], new((Attr.Count, value)));
        AssertRefused($"node 1, y (top_k): its number 'count' is {text}, expected a whole number.", y, w, y);
    }

    [Fact]
    public void Shapes_are_what_the_rule_gives()
    {
        var w = Weight(0);
        var y = Scale(1, w, shape: new Shape(3));
        AssertRefused("node 1, y (scale): it has shape [3], but its operands make [2].", y, w, y);
    }

    [Fact]
    public void Operands_fit_the_rule()
    {
        var w = Weight(0);
        var y = new Node(1, "y", Op.Flatten, Two, [w], default);
        AssertRefused("node 1, y (flatten): flatten joins the last two dimensions, but its operand has shape [2].", y, w, y);
    }

    [Fact]
    public void Names_are_unique()
    {
        var w = Weight(0);
        var y = Scale(1, w, "w");
        AssertRefused("node 1, w (scale): node 0 (weight) has the same name; expected unique names.", y, w, y);
    }

    [Fact]
    public void Leaves_are_shared()
    {
        Node first = Weight(0), second = Weight(1);
        var y = new Node(2, "y", Op.Add, Two, [first, second], default);
        AssertRefused("node 1, w (weight): this leaf is there already, as node 0; expected one leaf that all its users share.", y, first, second, y);
    }

    [Fact]
    public void The_output_is_a_node() => AssertRefused("node 1, y (scale): it is the output, but not a node of this graph.", Scale(1, Weight(0)), Weight(0));

    [Fact]
    public void The_output_needs_every_node()
    {
        Node w = Weight(0), unused = Weight(1, "unused"), y = Scale(2, w);
        AssertRefused("node 1, unused (weight): the output, y, does not depend on it.", y, w, unused, y);
    }

    [Theory]
    [InlineData("k, v", 0, null)]
    [InlineData("v, v", 1, null)]
    [InlineData("v, v", 0, "it has the cache of a, number 0, and other keys or values; expected the same, or a cache of its own.")]
    [InlineData("k, k", 0, "it has the cache of a, number 0, and other keys or values; expected the same, or a cache of its own.")]
    public void Attentions_that_share_a_cache_have_the_same_keys_and_values(string operands, int cache, string? fault)
    {
        const string Numbers = "factor = 1, mask = causal, window = 0, softcap = 0, alibiMaxBias = 0, bucketsMaxDistance = 0";
        var text = $"""
            graph g -> y
            tokens = tokens : [T]
            w = weight : [16, 8]
            x = get_rows(w, tokens) : [T, 8]
            q = heads(x, count = 2) : [T, 2, 4]
            k = scale(q, factor = 2) : [T, 2, 4]
            v = scale(q, factor = 3) : [T, 2, 4]
            a = attention(q, k, v, {Numbers}, layer = 0) : [T, 8]
            b = attention(q, {operands}, {Numbers}, layer = {cache}) : [T, 8]
            y = add(a, b) : [T, 8]
            """;
        if (fault is null) Assert.Equal(9, GraphText.Parse(text + "\n").Nodes.Count);
        else Assert.Equal("Graph g, node 7, b (attention): " + fault, Assert.Throws<GraphException>(() => GraphText.Parse(text + "\n")).Message);
    }
}
