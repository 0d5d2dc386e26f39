namespace ArchGen.Architectures;

/// <summary>Falcon: attention and feed-forward network side by side, one norm for both (7 B) or one each (40 B) (arXiv:2311.16867).</summary>
[Architecture("falcon", Rope = RopeKind.HalfSplit), Names(typeof(NeoXNames))]
public partial class Falcon : LayerNormDecoder
{
    public partial class Layer : Block, IPackedAttention, IPlainFeedForward
    {
        [Tensor("Embd", Hf = "input_layernorm|ln_mlp", Bias = Bias.Required)] public partial LayerNorm AttnNorm { get; }
        [Tensor("Embd", Hf = "ln_attn", Name = "attn_norm_2", Bias = Bias.Required)] public partial LayerNorm? AttnNorm2 { get; }

        public Tensor Forward(Tensor x)
        {
            var h = AttnNorm.Of(x);
            return x + SelfAttention.Of(this, AttnNorm2?.Of(x) ?? h, Rotary, 1 / Sqrt(HeadDim)) + Ffn.Of(this, h, Gelu);
        }
    }
}

// Checkpoints.
[HuggingFace("FalconForCausalLM", "RWForCausalLM"), Hf(nameof(ContextLength), "2048"), IgnoredConfig("max_position_embeddings", "all were trained on 2048")]
[Hf(nameof(KvHeads), nameof(KeyHeads)), Hf(nameof(Ff), "ffn_hidden_size|4*hidden_size"), Hf(nameof(RopeFreqBase), "rope_theta", Unless = "10000")]
[HfFrom(nameof(Ungrouped), nameof(Layer.AttnQkv)), ConfigIs("alibi", "false"), ConfigIs("parallel_attn", "true")]
[IgnoredConfig("num_ln_in_parallel_attn|ff_factor", "the tensors tell")]
public partial class Falcon
{
    private static int? KeyHeads(Config config)
    {
        int? stated = config.Int32("n_head_kv"), grouped = config.Int32("num_kv_heads"), all = config.Int32("num_attention_heads");
        bool isGrouped = config.Boolean("new_decoder_architecture") is true, isShared = config.Boolean("multi_query") is true;
        return stated ?? (isGrouped ? grouped : isShared ? 1 : all);
    }
}
