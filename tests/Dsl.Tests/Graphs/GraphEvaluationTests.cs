using ArchGen.Graphs;

namespace ArchGen.Dsl.Tests.Graphs;

/// <summary>What a forward pass records.</summary>
public sealed class GraphEvaluationTests
{
    /// <summary>A list of blocks that runs twice would go on with the state of its first pass.</summary>
    [Fact]
    public void A_state_is_used_once()
    {
        var evaluation = new GraphEvaluation("tiny") { SequenceLength = 8 };
        evaluation.State(new State("blk.0.conv.state", [3, 4]));
        evaluation.State(new State("blk.1.conv.state", [3, 4]));
        var error = Assert.Throws<GraphException>(() => evaluation.State(new State("blk.0.conv.state", [3, 4])));
        Assert.Equal("The state blk.0.conv.state is used twice in one forward pass. Layers with a state run once.", error.Message);
    }
}
