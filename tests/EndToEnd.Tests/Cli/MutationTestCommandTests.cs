using System.Text.Json;
using ArchGen.Fixtures;

namespace ArchGen.EndToEnd.Tests.Cli;

/// <summary><c>archgen mutation-test</c>, as it is typed.</summary>
public sealed class MutationTestCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Mutation_test_prints_a_table()
    {
        var run = Archgen.Run("mutation-test", "mamba2");
        Assert.True(run.ExitCode == 0, run.Out + run.Error);
        Assert.StartsWith("mamba2 (mamba2): held to the recorded results; ", run.Out, StringComparison.Ordinal);
        Assert.Matches(@"\n  convolution reversed +blk\.\*\.ssm_conv1d +[\d.]+E[+-]\d +one batch\n", run.Out);
        Assert.Matches(@"\n  state not carried +blk\.\*\.ssm_conv1d +[\d.]+E[+-]\d +two batches\n", run.Out);
        Assert.EndsWith("mutations that have an effect are caught.\n\n", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Sabotage_is_another_name_of_mutation_test()
    {
        string[] options = ["llama", "--json", "--threads", "1"];
        Assert.Equal(Archgen.Run(["mutation-test", .. options]).Out, Archgen.Run(["sabotage", .. options]).Out);
        Assert.Equal(Archgen.Run("help", "mutation-test").Out, Archgen.Run("help", "sabotage").Out);
        Assert.Contains("Did you mean sabotage?", Archgen.Run("sabotag", "llama").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_blind_spot_is_excused_only_if_the_recipe_states_it()
    {
        var source = SharedFixtures.Local("architectures/gpt-oss.json");
        var (stated, silent) = (_folder.File("stated.json"), _folder.File("silent.json"));
        var text = File.ReadAllText(source);
        File.WriteAllText(stated, text);
        File.WriteAllText(silent, text.Replace("\"blind\"", "\"not_read\"", StringComparison.Ordinal));
        foreach (var path in new[] { stated, silent }) File.Copy(Path.ChangeExtension(source, ".logits.bin"), Path.ChangeExtension(path, ".logits.bin"));

        var run = Archgen.Run("mutation-test", "--recipe", stated);
        Assert.True(run.ExitCode == 0, run.Out + run.Error);
        Assert.Contains("nothing, as stated: no value of the recipe reaches the limit of 7", run.Out, StringComparison.Ordinal);
        Assert.EndsWith("are caught; 2 more stay green, as the recipe states.\n\n", run.Out, StringComparison.Ordinal);
        var without = Archgen.Run("mutation-test", "--recipe", silent);
        Assert.Equal(1, without.ExitCode);
        Assert.Contains("nothing: blind", without.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Mutation_test_takes_a_recipe_and_a_model_and_prints_JSON()
    {
        var recipe = SharedFixtures.Local("architectures/qwen3.json");
        var run = Archgen.Run("mutation-test", "--recipe", recipe, "--json");
        using var ofRecipe = JsonDocument.Parse(run.Out);
        var table = Assert.Single(ofRecipe.RootElement.EnumerateArray());
        Assert.Equal("recorded results", table.GetProperty("held_to").GetString());
        Assert.True(table.GetProperty("mutations").GetArrayLength() > 40);
        Assert.All(table.GetProperty("mutations").EnumerateArray(), m => Assert.NotNull(m.GetProperty("caught_by").GetString()));

        using var ofModel = JsonDocument.Parse(Archgen.Run("mutation-test", ArchitectureFixture.Load("llama").WriteGguf(_folder.Path), "--json").Out);
        Assert.Equal("forward pass", ofModel.RootElement[0].GetProperty("held_to").GetString());
    }

    [Theory]
    [InlineData("Did you mean llama?", "mutation-test", "lama")]
    [InlineData("Name an architecture", "mutation-test")]
    [InlineData("there is no such file", "mutation-test", "--recipe", "missing.json")]
    public void Bad_input_gets_one_message(string message, params string[] arguments)
    {
        var run = Archgen.Run(arguments);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.StartsWith("archgen: ", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]", "expected a recipe, an object")]
    [InlineData("{\"architecture\":\"llama\"}", "\"tokens\" is missing")]
    [InlineData("{\"architecture\":\"llama\",\"tokens\":[1],\"blind\":[[\"a\"]]}", "expected an array of 3")]
    [InlineData("{\"architecture\":1}", "architecture has \"1\", expected a text")]
    [InlineData("{\"architecture\":\"llama\",\"tokens\":[-1]}", "expected token ids")]
    [InlineData("{\"architecture\":\"llama\",\"tokens\":[1],\"seed\":1,\"metadata\":[],\"tensors\":[[\"a\",\"f32\",[5,0],\"normal\",0,1]]}", "sizes from 1")]
    [InlineData(
        "{\"architecture\":\"llama\",\"tokens\":[1],\"seed\":1,\"metadata\":[],\"tensors\":[[\"a\",\"f32\",[99999,99999],\"normal\",0,1]]}",
        "more than")]
    [InlineData(
        "{\"architecture\":\"llama\",\"tokens\":[1],\"seed\":1,\"metadata\":[],\"tensors\":[[\"a\",\"f32\",[2],\"even\",0,1]]}",
        "expected normal, one_plus_abs")]
    [InlineData("{\"architecture\":\"llama\",\"tokens\":[1],\"seed\":1,\"metadata\":[[\"a\",\"u32\",\"x\"]],\"tensors\":[]}", "expected a value of type u32")]
    public void A_recipe_that_is_none_is_refused(string json, string message)
    {
        var path = _folder.File("recipe.json");
        File.WriteAllText(path, json);
        var run = Archgen.Run("mutation-test", "--recipe", path);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
