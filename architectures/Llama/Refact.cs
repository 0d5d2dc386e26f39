namespace ArchGen.Architectures;

/// <summary>Refact: Llama with one key and value head, and ALiBi instead of rotations (Small Magellanic Cloud AI 2023).</summary>
[Architecture("refact", Rope = RopeKind.None), Names(typeof(Gpt2Names))]
public partial class Refact : Decoder
{
    public partial class Layer : PreNormLayer, IAttention, IGatedFeedForward
    {
        protected override Tensor Attend(Tensor h) => SelfAttention.Alibi(this, h, 1 / Sqrt(HeadDim), 8);
        protected override Tensor FeedForward(Tensor h) => SwiGlu.Of(this, h);
    }
}

// Checkpoints.
[HuggingFace("GPTRefactForCausalLM"), Hf(nameof(KvHeads), "1"), Hf(nameof(Ff), nameof(Width)), ConfigIs("multi_query", "true")]
[Hf(nameof(Layer.AttnQ), "attn.q"), HfFused("attn.kv", nameof(Layer.AttnK), nameof(Layer.AttnV))]
[HfFused("mlp.gate_up_proj", nameof(Layer.FfnGate), nameof(Layer.FfnUp))]
[IgnoredTensors("blk.*.attn_output.bias|blk.*.ffn_*.bias|rope_freqs.weight", "the published model has neither biases nor rotations")]
public partial class Refact
{
    // Two thirds of four times the width, rounded up to a multiple of 256.
    private static int? Width(Config config) => config.Int32("n_embd") is { } width ? ((8 * width / 3) + 255) / 256 * 256 : null;
}
