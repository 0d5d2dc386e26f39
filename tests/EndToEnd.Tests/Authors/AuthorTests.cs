using ArchGen.Fixtures;

namespace ArchGen.EndToEnd.Tests.Authors;

/// <summary>Each declaration against what its author's published model computes (transformers, in double precision).</summary>
public sealed class AuthorTests
{
    /// <summary>All checkpoints but the one whose results are llama.cpp's, with its table of GELU, and the one that has no logits (EmbedTests).</summary>
    public static TheoryData<string> Published => Checkpoints("grok1", "qwen3-embedding");

    /// <summary>All checkpoints but the one with a block that stays unread.</summary>
    public static TheoryData<string> Read => Checkpoints("qwen3next-mtp");

    [Theory]
    [MemberData(nameof(Published))]
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
    [MemberData(nameof(Read))]
    public void Every_tensor_of_a_checkpoint_has_a_declared_name(string name) =>
        // GPT-2's attn.bias is the causal mask, not a parameter; the scales of MXFP4 blocks are read with the blocks; BERT's pooler serves its training.
        Assert.DoesNotContain(new Checkpoint(name).Unaccounted, t => !t.EndsWith("attn.bias", StringComparison.Ordinal) && !t.EndsWith("_scales", StringComparison.Ordinal) && !t.StartsWith("pooler.", StringComparison.Ordinal));

    private static TheoryData<string> Checkpoints(params string[] except) =>
    [
        .. Directory.GetFiles(SharedFixtures.Local("checkpoints"), "*.json").Select(f => Path.GetFileNameWithoutExtension(f)).Where(n => !except.Contains(n)).Order(StringComparer.Ordinal),
    ];
}
