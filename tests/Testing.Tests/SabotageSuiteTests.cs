namespace ArchGen.Testing.Tests;

/// <summary>The generated mistakes as the rows of a test.</summary>
public sealed class SabotageSuiteTests
{
    private const string Rotation = "RoPE dropped: blk.*.attn_q_norm (rope)";

    private static SabotageSuite OneToken => SabotageSuite.Of(() => TestedModel.Random<Qwen3>(), tokens: [1]);

    [Fact]
    public void Each_row_is_the_name_of_a_mistake()
    {
        var suite = SabotageSuite.Of<Qwen3>();
        Assert.All(suite.Data, row => Assert.IsType<string>(Assert.Single(row)));
        Assert.Equal(suite.Mistakes, suite.Data.Select(row => (string)row[0]));
        Assert.Contains(Rotation, suite.Mistakes);
        Assert.Distinct(suite.Mistakes);
        Assert.True(suite.Mistakes.Count >= 20, $"only {suite.Mistakes.Count} mistakes");
    }

    [Fact]
    public void Both_graphs_of_a_translator_have_theirs() =>
        Assert.Equal(2, SabotageSuite.Of<T5>().Mistakes.Count(mistake => mistake.StartsWith("norm dropped: ", StringComparison.Ordinal)
            && mistake.EndsWith("output_norm", StringComparison.Ordinal)));

    /// <summary>Position 0 is not rotated.</summary>
    [Fact]
    public void A_prompt_that_does_not_show_a_mistake_fails()
    {
        var error = Assert.Throws<CheckFailedException>(() => OneToken.Verify(Rotation));
        Assert.StartsWith($"'{Rotation}' changes the result by NMSE ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith($"or state why it cannot be seen: Except(\"{Rotation}\", \"why\").", error.Message, StringComparison.Ordinal);
        OneToken.Except(Rotation, "position 0 is not rotated").Verify(Rotation);
    }

    [Fact]
    public void A_statement_that_is_wrong_fails()
    {
        var suite = SabotageSuite.Of<Qwen3>().Except(Rotation, "nobody needs it");
        var error = Assert.Throws<CheckFailedException>(() => suite.Verify(Rotation));
        Assert.Equal($"'{Rotation}' is caught (OneBatch), but stated not to be: nobody needs it. Remove the statement.", error.Message);
    }

    [Fact]
    public void A_mistake_that_is_none_is_named()
    {
        var error = Assert.Throws<CheckFailedException>(() => SabotageSuite.Of<Qwen3>().Verify("RoPE droped: blk.*.attn_q_norm (rope)"));
        Assert.EndsWith($"Did you mean '{Rotation}'?", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Frameworks hide what a source of data throws.</summary>
    [Fact]
    public void A_model_that_cannot_be_made_fails_in_the_test()
    {
        var suite = SabotageSuite.Of<Models.Odd>();
        var row = Assert.Single(suite.Data);
        Assert.Contains("nothing can be invented for odd.flavour", Assert.Throws<ModelFileException>(() => suite.Verify((string)row[0])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Recorded_results_are_what_mistakes_are_held_to()
    {
        var path = Fixtures.SharedFixtures.Local("architectures/qwen3.json");
        var suite = SabotageSuite.Of(() => TestedModel.Open<Qwen3>(path));
        suite.Verify(Rotation);
        var wrong = SabotageSuite.Of(() => TestedModel.Open<Qwen3>(path), expected: new float[24 * 128]);
        var error = Assert.Throws<ModelFileException>(() => wrong.Verify(Rotation));
        Assert.Contains("does not give the recorded results", error.Message, StringComparison.Ordinal);
    }
}
