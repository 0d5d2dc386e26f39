using ArchGen.Runtime.Sampling;

namespace ArchGen.Runtime.Tests.Sampling;

/// <summary>The order of the steps, and how it is written.</summary>
public sealed class SamplerChainTests
{
    [Fact]
    public void The_default_order_is_llama_cpp_s_by_names_and_letters()
    {
        const string names = "penalties;dry;top_n_sigma;top_k;typ_p;top_p;min_p;xtc;temperature";
        Assert.Equal(names, SamplerChain.Format(SamplerChain.Default));
        Assert.Equal(SamplerChain.Default, SamplerChain.Parse(names));
        Assert.Equal(SamplerChain.Default, SamplerChain.ParseLetters("edskypmxt"));
    }

    [Fact]
    public void Names_have_other_spellings()
    {
        Assert.Equal([SamplerStep.TopK, SamplerStep.TopP, SamplerStep.Temperature, SamplerStep.MinP], SamplerChain.Parse("Top-K; nucleus;temp;minp;"));
        Assert.Empty(SamplerChain.Parse(""));
    }

    [Fact]
    public void Unknown_steps_are_named()
    {
        Assert.Contains("'top_q' is unknown", Assert.Throws<RequestException>(() => SamplerChain.Parse("top_k;top_q")).Message);
        Assert.Contains("'q' is unknown", Assert.Throws<RequestException>(() => SamplerChain.ParseLetters("kq")).Message);
    }

    [Fact]
    public void A_step_that_is_left_out_does_nothing()
    {
        float[] logits = [1, 2, 3, 4];
        SamplerOptions options = new() { Seed = 1, TopK = 1, MinP = 0.9f, TopP = 0.1f, Temperature = 0, RepetitionPenalty = 100, Chain = [] };
        Assert.Equal([0, 1, 2, 3], Draws.Seen(options, logits));
        Assert.Equal([3], Draws.Seen(options with { Chain = [SamplerStep.TopK] }, logits));
    }
}
