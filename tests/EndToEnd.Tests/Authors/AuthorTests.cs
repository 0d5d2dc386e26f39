using ArchGen.Fixtures;

namespace ArchGen.EndToEnd.Tests.Authors;

/// <summary>Each declaration against what its author's published model computes (transformers, in double precision).</summary>
public sealed class AuthorTests
{
    [Theory]
    [InlineData("llama-yarn")]
    [InlineData("llama-linear")]
    [InlineData("llama-gqa-llama3")]
    [InlineData("llama-biases")]
    [InlineData("mixtral")]
    [InlineData("qwen3")]
    [InlineData("qwen3moe")]
    [InlineData("gpt2")]
    [InlineData("gemma3")]
    [InlineData("deepseek2-lite")]
    [InlineData("deepseek2-q")]
    [InlineData("deepseek2-groups")]
    [InlineData("deepseek3")]
    [InlineData("mamba2")]
    [InlineData("t5")]
    [InlineData("modern-bert")]
    [InlineData("qwen2")]
    [InlineData("falcon-7b")]
    [InlineData("falcon-40b")]
    [InlineData("gptneox")]
    [InlineData("mpt")]
    [InlineData("bloom")]
    [InlineData("baichuan")]
    [InlineData("refact")]
    [InlineData("internlm2")]
    [InlineData("cohere")]
    [InlineData("phi3")]
    [InlineData("phi3-longrope")]
    [InlineData("phi3-longrope-short")]
    [InlineData("dbrx")]
    [InlineData("phimoe")]
    [InlineData("gpt-oss")]
    [InlineData("qwen3next")]
    [InlineData("qwen3next-mtp")]
    public void Logits_are_those_of_the_published_model(string name)
    {
        var error = Error(name);
        Assert.True(error <= 1e-9, $"{name}: NMSE {error:E2}");
    }

    /// <summary>Classes outside transformers: llama.cpp's logits stand for the author's, with its table of GELU in half precision.</summary>
    [Theory]
    [InlineData("grok1")]
    public void Logits_are_those_of_llama_cpp(string name)
    {
        var error = Error(name);
        Assert.True(error <= 1e-7, $"{name}: NMSE {error:E2}");
    }

    private static double Error(string name)
    {
        var checkpoint = new Checkpoint(name);
        var model = checkpoint.Architecture.Create();
        ModelLoader.Load(model, checkpoint);
        // Transformers chooses long RoPE's factors by the sequence at hand.
        if (model is DecoderModel decoder) decoder.SequenceLength = checkpoint.Tokens.Length;

        var output = model is EncoderDecoderModel translator
            ? translator.Evaluate(checkpoint, checkpoint.Tokens, checkpoint.DecoderTokens!)
            : model.Evaluate(checkpoint, checkpoint.Tokens);

        return ArchitectureFixture.NormalizedError(checkpoint.Expected, output.Values);
    }

    [Theory]
    [InlineData("llama-yarn")]
    [InlineData("mixtral")]
    [InlineData("qwen3moe")]
    [InlineData("gpt2")]
    [InlineData("gemma3")]
    [InlineData("deepseek3")]
    [InlineData("mamba2")]
    [InlineData("t5")]
    [InlineData("modern-bert")]
    [InlineData("qwen2")]
    [InlineData("falcon-7b")]
    [InlineData("falcon-40b")]
    [InlineData("gptneox")]
    [InlineData("mpt")]
    [InlineData("bloom")]
    [InlineData("baichuan")]
    [InlineData("refact")]
    [InlineData("internlm2")]
    [InlineData("cohere")]
    [InlineData("phi3")]
    [InlineData("phi3-longrope")]
    [InlineData("phi3-longrope-short")]
    [InlineData("dbrx")]
    [InlineData("phimoe")]
    [InlineData("gpt-oss")]
    [InlineData("qwen3next")]
    [InlineData("grok1")]
    public void Every_tensor_of_a_checkpoint_has_a_declared_name(string name) =>
        // GPT-2's attn.bias is the causal mask, not a parameter; the scales of MXFP4 blocks are read with the blocks.
        Assert.DoesNotContain(new Checkpoint(name).Unaccounted, t => !t.EndsWith("attn.bias", StringComparison.Ordinal) && !t.EndsWith("_scales", StringComparison.Ordinal));
}
