namespace ArchGen.Dsl.Tests.Symbolics;

public class SpellingTests
{
    private static readonly string[] Names = ["BlockCount", "Embd", "Ff", "HeadDim", "Heads", "KvHeads", "Vocab"];

    [Theory]
    [InlineData("Emdb", "Embd")]
    [InlineData("Head", "Heads")]
    [InlineData("HeadDims", "HeadDim")]
    [InlineData("KVHeads", "KvHeads")]
    [InlineData("BlokCont", "BlockCount")]
    public void A_slip_is_recognised(string name, string expected) => Assert.Equal(expected, Spelling.Nearest(name, Names));

    [Theory]
    [InlineData("ExpertCountUsed")]
    [InlineData("Breadth")]
    [InlineData("")]
    public void Another_name_is_not_proposed(string name) => Assert.Null(Spelling.Nearest(name, ["BlockCount", "Vocab"]));

    [Fact]
    public void A_name_is_not_proposed_for_itself() => Assert.Equal("Embds", Spelling.Nearest("Embd", ["Embd", "Embds"]));

    [Fact]
    public void Among_equals_the_first_is_proposed() => Assert.Equal("Aa", Spelling.Nearest("A", ["Ab", "Aa", "Ac"]));

    [Fact]
    public void Without_candidates_nothing_is_proposed() => Assert.Null(Spelling.Nearest("Embd", []));
}
