namespace ArchGen.Frameworks;

/// <summary>What docs/testing.md shows, in xUnit.net.</summary>
public sealed class QuillTests
{
    private static readonly SabotageSuite Suite = SabotageSuite.Of<Quill>();

    public static IEnumerable<object[]> Mistakes => Suite.Data;

    [Fact]
    public Task The_graph_is_the_verified_one() => GraphSnapshot.Verify<Quill>("../Graph.Quill");

    [Fact]
    public Task The_names_of_tensors_are_the_verified_ones() => TensorNamesSnapshot.Verify<Quill>("../TensorNames.Quill");

    [Fact]
    public void The_graph_computes_what_Forward_does() => ForwardCheck.Verify<Quill>();

    [Fact]
    public void The_logits_are_the_authors()
    {
        using var model = TestedModel.Open<Quill>(Prompt.Checkpoint);
        LogitsCheck.Verify(model, Prompt.Tokens(), Prompt.Checkpoint + "/logits.f32");
    }

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_caught(string mistake) => Suite.Verify(mistake);

    [Fact]
    public async Task A_difference_is_a_failure()
    {
        // It would be accepted.
        if (TextSnapshot.IsAccepting) return;
        var isExpected = !Prompt.IsToFail;
        try
        {
            await TextSnapshot.Verify("one\ntwo\nthree\n", "../Other");
        }
        catch (CheckFailedException) when (isExpected)
        {
            return;
        }

        Assert.Fail("The texts differ.");
    }
}
