namespace ArchGen.Architectures;

/// <summary>StableLM 2 and StableLM Zephyr: layer norms, a part of each head rotated; the 12 B model has one norm for both parts (arXiv:2402.17834).</summary>
[Architecture("stablelm", Rope = RopeKind.Neox, Epsilon = nameof(LayerNormEpsilon), IgnoredScales = "blk.*.ffn_*")]
[HuggingFace("StableLmForCausalLM", "StableLMEpochForCausalLM"), ConfigIs("hidden_act", "silu"), Writes("tokenizer.ggml.pre", "'stablelm2'")]
[Hf(nameof(RopeDims), "partial_rotary_factor*hidden_size/num_attention_heads"), Hf(nameof(RopeFreqBase), "rope_theta", Unless = "10000")]
[IgnoredConfig("qk_layernorm", "the tensors tell")]
public partial class StableLm : DecoderModel
{
    [Tensor("Vocab, Embd", Hf = "model.embed_tokens")] public partial Embedding TokenEmbd { get; }
    [Tensor("Embd", Hf = "model.norm", Bias = Bias.Required)] public partial LayerNorm OutputNorm { get; }
    [Tensor("Vocab, Embd", Hf = "lm_head")] public partial Linear Output { get; }
    [Blocks("blk.{i}", Hf = "model.layers.{i}", Count = nameof(BlockCount))] public partial BlockList<Layer> Layers { get; }

    [HyperParameter("use_parallel_residual", Hf = "use_parallel_residual", Default = "false")] public partial bool IsParallel { get; }

    public bool IsSequential => !IsParallel;

    public partial class Layer : Block
    {
        [Tensor("Embd", Hf = "input_layernorm", Bias = Bias.Required)] public partial LayerNorm AttnNorm { get; }
        [Tensor("Heads*HeadDim, Embd", Hf = "self_attn.q_proj", Bias = Bias.Optional)] public partial Linear AttnQ { get; }
        [Tensor("KvHeads*HeadDim, Embd", Hf = "self_attn.k_proj", Bias = Bias.Optional)] public partial Linear AttnK { get; }
        [Tensor("KvHeads*HeadDim, Embd", Hf = "self_attn.v_proj", Bias = Bias.Optional)] public partial Linear AttnV { get; }
        [Tensor("Heads, HeadDim", Hf = "self_attn.q_layernorm.norms.{e}")] public partial LayerNorm? AttnQNorm { get; }
        [Tensor("KvHeads, HeadDim", Hf = "self_attn.k_layernorm.norms.{e}")] public partial LayerNorm? AttnKNorm { get; }
        [Tensor("Embd, Heads*HeadDim", Hf = "self_attn.o_proj")] public partial Linear AttnOutput { get; }
        [Tensor("Embd", Hf = "post_attention_layernorm", RequiredIf = nameof(IsSequential), Bias = Bias.Required)] public partial LayerNorm? FfnNorm { get; }
        [Tensor("Ff, Embd", Hf = "mlp.gate_proj")] public partial Linear FfnGate { get; }
        [Tensor("Ff, Embd", Hf = "mlp.up_proj")] public partial Linear FfnUp { get; }
        [Tensor("Embd, Ff", Hf = "mlp.down_proj")] public partial Linear FfnDown { get; }

        public override Tensor Forward(Tensor x)
        {
            var h = AttnNorm.Of(x);
            Tensor q = AttnQ.Of(h).Heads(Heads), k = AttnK.Of(h).Heads(KvHeads), v = AttnV.Of(h).Heads(KvHeads);
            if (AttnQNorm is not null) q = AttnQNorm.Of(q);
            if (AttnKNorm is not null) k = AttnKNorm.Of(k);
            x += AttnOutput.Of(Attention(Rope(q), Rope(k), v, 1 / Sqrt(HeadDim)));
            if (FfnNorm is not null) h = FfnNorm.Of(x);
            return x + FfnDown.Of(Silu(FfnGate.Of(h)) * FfnUp.Of(h));
        }
    }

    public override Tensor Forward(Tokens tokens) => Output.Of(OutputNorm.Of(Layers.Of(TokenEmbd.Of(tokens))));
}
