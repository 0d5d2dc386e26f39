namespace ArchGen.Frameworks;

/// <summary>What docs/testing.md shows, in NUnit.</summary>
public sealed class QuillTests
{
    private static readonly SabotageSuite Suite = SabotageSuite.Of<Quill>();

    public static IEnumerable<object[]> Mistakes => Suite.Data;

    [Test]
    public Task The_graph_is_the_verified_one() => GraphSnapshot.Verify<Quill>("../Graph.Quill");

    [Test]
    public Task The_names_of_tensors_are_the_verified_ones() => TensorNamesSnapshot.Verify<Quill>("../TensorNames.Quill");

    [Test]
    public void The_graph_computes_what_Forward_does() => ForwardCheck.Verify<Quill>();

    [Test]
    public void The_logits_are_the_authors()
    {
        using var model = TestedModel.Open<Quill>(Prompt.Checkpoint);
        LogitsCheck.Verify(model, Prompt.Tokens(), Prompt.Checkpoint + "/logits.f32");
    }

    [TestCaseSource(nameof(Mistakes))]
    public void A_mistake_is_caught(string mistake) => Suite.Verify(mistake);

    [Test]
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
