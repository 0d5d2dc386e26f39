namespace ArchGen.Architectures;

/// <summary>Phi-1, Phi-1.5 and Phi-2: attention and feed-forward network side by side on one norm, a part of each head rotated (arXiv:2309.05463).</summary>
[Architecture("phi2", Rope = RopeKind.HalfSplit), Untied(nameof(Output))]
public partial class Phi2 : LayerNormDecoder
{
    public partial class Layer : ParallelLayerNormLayer, IAttention, IBiasedPlainFeedForward
    {
        [Tensor("Embd, Heads*HeadDim", Bias = Bias.Required)] public partial Linear AttnOutput { get; }

        protected override Tensor Attend(Tensor h) => SelfAttention.Of(this, h, Rotary, 1 / Sqrt(HeadDim));
        protected override Tensor FeedForward(Tensor h) => Ffn.Of(this, h, GeluTanh);
    }
}

// Checkpoints.
[HuggingFace("PhiForCausalLM"), Hf(nameof(OutputNorm), "model.final_layernorm"), Hf(nameof(Layer.AttnOutput), "self_attn.dense")]
[Hf(nameof(Layer.FfnUp), "mlp.fc1"), Hf(nameof(Layer.FfnDown), "mlp.fc2"), ConfigIs("qk_layernorm", "false")]
[Hf(nameof(RopeDims), "rotary_dim|partial_rotary_factor*hidden_size/num_attention_heads"), Hf(nameof(RopeFreqBase), "rope_theta", Unless = "10000")]
[Hf(nameof(Ff), "intermediate_size|n_inner|4*n_embd"), Hf(nameof(KvHeads), "num_key_value_heads|n_head_kv|num_attention_heads|n_head")]
public partial class Phi2;
