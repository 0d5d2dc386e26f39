namespace ArchGen.Architectures;

/// <summary>InternLM2: Llama, with queries, keys and values in one matrix of the checkpoint (arXiv:2403.17297).</summary>
[Architecture("internlm2", Rope = RopeKind.Interleaved)]
public partial class InternLm2 : Decoder
{
    public partial class Layer : PreNormLayer, IAttention, IGatedFeedForward
    {
        protected override Tensor Attend(Tensor h) => SelfAttention.Of(this, h, LongRotary, 1 / Sqrt(HeadDim));
        protected override Tensor FeedForward(Tensor h) => SwiGlu.Of(this, h);
    }
}

// Checkpoints.
[HuggingFace("InternLM2ForCausalLM"), Hf(nameof(TokenEmbd), "model.tok_embeddings"), Hf(nameof(Output), "output")]
[Hf(nameof(Layer.AttnQ), "attention.wqkv", From = nameof(Queries)), Hf(nameof(Layer.AttnK), "attention.wqkv", From = nameof(Keys))]
[Hf(nameof(Layer.AttnV), "attention.wqkv", From = nameof(Values)), Hf(nameof(Layer.AttnOutput), "attention.wo")]
[Hf(nameof(Layer.AttnNorm), "attention_norm"), Hf(nameof(Layer.FfnNorm), "ffn_norm"), Hf(nameof(Layer.FfnGate), "feed_forward.w1")]
[Hf(nameof(Layer.FfnUp), "feed_forward.w3"), Hf(nameof(Layer.FfnDown), "feed_forward.w2")]
public partial class InternLm2
{
    // The checkpoint has for each key head its queries, the key and the value.
    private Weights Queries(Weights qkv) => qkv.OfEachGroup(KvHeads, 0, Heads / KvHeads * HeadDim);
    private Weights Keys(Weights qkv) => qkv.OfEachGroup(KvHeads, Heads / KvHeads * HeadDim, HeadDim);
    private Weights Values(Weights qkv) => qkv.OfEachGroup(KvHeads, (Heads / KvHeads + 1) * HeadDim, HeadDim);
}
