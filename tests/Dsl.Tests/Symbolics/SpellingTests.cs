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
    public void ASlipIsRecognised(string name, string expected) => Assert.Equal(expected, Spelling.Nearest(name, Names));

    [Theory]
    [InlineData("ExpertCountUsed")]
    [InlineData("Breadth")]
    [InlineData("")]
    public void AnotherNameIsNotProposed(string name) => Assert.Null(Spelling.Nearest(name, ["BlockCount", "Vocab"]));

    [Fact]
    public void ANameIsNotProposedForItself() => Assert.Equal("Embds", Spelling.Nearest("Embd", ["Embd", "Embds"]));

    [Fact]
    public void AmongEqualsTheFirstIsProposed() => Assert.Equal("Aa", Spelling.Nearest("A", ["Ab", "Aa", "Ac"]));

    [Fact]
    public void WithoutCandidatesNothingIsProposed() => Assert.Null(Spelling.Nearest("Embd", []));
}
