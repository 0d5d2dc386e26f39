namespace ArchGen.Architectures;

/// <summary>
/// CogVLM, the text model: Llama with one matrix for queries, keys and values; the rows of pictures have matrices of their own (arXiv:2311.03079).
/// </summary>
[Architecture("cogvlm", Rope = RopeKind.HalfSplit)]
public partial class CogVlm : Decoder
{
    public partial class Layer : PreNormLayer, IGatedFeedForward
    {
        [Tensor("3*Heads*HeadDim, Embd", Hf = "self_attn.language_expert_query_key_value")] public partial Linear AttnQkv { get; }
        [Tensor("Embd, Heads*HeadDim", Hf = "self_attn.language_expert_dense")] public partial Linear AttnOutput { get; }

        protected override Tensor Attend(Tensor h)
        {
            var qkv = AttnQkv.Of(h);
            var q = qkv.Slice(0, Heads * HeadDim).Heads(Heads);
            var k = qkv.Slice(Heads * HeadDim, KvHeads * HeadDim).Heads(KvHeads);
            var v = qkv.Slice(2 * Heads * HeadDim, KvHeads * HeadDim).Heads(KvHeads);
            return AttnOutput.Of(Attention(Rotary.Of(q), Rotary.Of(k), v, 1 / Sqrt(HeadDim)));
        }

        protected override Tensor FeedForward(Tensor h) => SwiGlu.Of(this, h);
    }
}

// Checkpoints.
[HuggingFace("CogVLMForCausalLM"), IgnoredTensors("blk.*.vis_*|rope_freqs.weight", "for the rows of pictures")]
[Hf(nameof(Layer.FfnGate), "mlp.language_mlp.gate_proj"), Hf(nameof(Layer.FfnUp), "mlp.language_mlp.up_proj")]
[Hf(nameof(Layer.FfnDown), "mlp.language_mlp.down_proj"), IgnoredWeights("model.vision.*|*vision_expert*|*vision_mlp*", "for pictures")]
public partial class CogVlm;
