using ArchGen.Cpu.Execution;
using ArchGen.Runtime.Generation;
using ArchGen.Tools.Mutations;
using ArchGen.Tools.Recipes;
using BuiltIn = ArchGen.Architectures.Catalog;

namespace ArchGen.Testing.Tests;

/// <summary>Models invented from declarations alone.</summary>
public sealed class RandomRecipeTests
{
    /// <summary>Mistakes that no number shows: architecture, mistake, and why.</summary>
    private static readonly (string Architecture, string Mistake, string Reason)[] Unseen =
    [
        ("grok", "weights not normalised: blk.*.ffn_gate_inp (divide)", "the norm that follows takes every factor back"),
    ];

    public static TheoryData<string> Names => [.. BuiltIn.All.Select(architecture => architecture.Name)];

    /// <summary>Each built-in architecture, without a word of advice: its random model runs as it is written, and shows every mistake.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Each_architecture_has_one_that_shows_every_mistake(string name)
    {
        var recipe = RandomRecipe.Of(BuiltIn.All.Single(architecture => architecture.Name == name));
        using var model = new LoadedModel(recipe.ToGguf(), BuiltIn.All);
        Assert.Empty(model.UnreadKeys);
        var check = new SabotageCheck(model, recipe.Tokens, recorded: null, CpuBackend.Exact());
        var survivors = check.Mutations.Where(mutation => check.Run(mutation).IsBlind).Select(mutation => mutation.ToString());
        Assert.Equal(Unseen.Where(unseen => unseen.Architecture == name).Select(unseen => unseen.Mistake), survivors);
    }

    [Fact]
    public void The_same_options_make_the_same_model()
    {
        Assert.Equal(Bytes(new RandomRecipeOptions()), Bytes(new RandomRecipeOptions()));
        Assert.NotEqual(Bytes(new RandomRecipeOptions()), Bytes(new RandomRecipeOptions { Seed = 2 }));
    }

    [Fact]
    public void Stated_keys_and_optional_tensors_are_the_models()
    {
        using var model = TestedModel.Random<Llama>(new RandomRecipeOptions
        {
            Keys = { ["expert_count"] = 3, ["llama.expert_used_count"] = 2, ["rope.freq_base"] = 500.0 },
            OptionalTensors = ["blk.*.attn_q.bias"],
            Tokens = 7,
        });
        Assert.Equal(3, ((Llama)model.Loaded.Model).ExpertCount);
        Assert.Equal(500, ((Llama)model.Loaded.Model).RopeFreqBase);
        Assert.True(model.Loaded.File.TryGetTensor("blk.3.attn_q.bias", out _));
        Assert.True(model.Loaded.File.TryGetTensor("blk.0.ffn_gate_exps.weight", out _));
        Assert.Equal(7, model.Recipe!.Tokens.Count);
        ForwardCheck.Verify(model, model.Recipe.Tokens);
    }

    [Theory]
    [InlineData("expert_cuont", 3, "llama does not read the key llama.expert_cuont. Did you mean llama.expert_count?")]
    [InlineData("embedding_length", 0, "A random recipe of llama does not fit its declaration: ")]
    [InlineData("embedding_length", "wide", "A random recipe of llama does not fit its declaration: ")]
    public void A_wrong_key_is_named(string key, object value, string message)
    {
        var error = Assert.ThrowsAny<ArchGenException>(() => TestedModel.Random<Llama>(new RandomRecipeOptions { Keys = { [key] = value } }));
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_of_another_kind_is_refused()
    {
        var error = Assert.Throws<RequestException>(() => TestedModel.Random<Llama>(new RandomRecipeOptions { Keys = { ["context_length"] = 'x' } }));
        Assert.StartsWith("The value of context_length is of type Char, expected a number", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tensor_that_is_not_there_is_named()
    {
        var error = Assert.Throws<RequestException>(() => TestedModel.Random<Llama>(new RandomRecipeOptions { OptionalTensors = ["blk.*.attn_x.bias"] }));
        Assert.StartsWith("llama has no optional tensor blk.*.attn_x.bias in this model. It has ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_invented_is_asked_for()
    {
        var error = Assert.Throws<ModelFileException>(() => TestedModel.Random<Odd>());
        Assert.Equal(
            "A random recipe of odd: nothing can be invented for odd.flavour (text). State it: new RandomRecipeOptions { Keys = { [\"odd.flavour\"] = ... } }.",
            error.Message);
        ForwardCheck.Verify<Odd>(new RandomRecipeOptions { Keys = { ["flavour"] = "sour" } });
    }

    private static byte[] Bytes(RandomRecipeOptions options)
    {
        using var folder = new Fixtures.TemporaryFolder();
        RandomRecipe.Of(Qwen3.Info, options).Save(folder.File("model.gguf"));
        return File.ReadAllBytes(folder.File("model.gguf"));
    }
}
