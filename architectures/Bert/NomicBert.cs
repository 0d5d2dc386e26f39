namespace ArchGen.Architectures;

/// <summary>
/// Nomic Embed: BERT with rotations instead of positions, a gated feed-forward network, one matrix for queries, keys and values (arXiv:2402.01613).
/// </summary>
[Architecture("nomic-bert", Rope = RopeKind.HalfSplit), HuggingFace("NomicBertModel")]
[ConfigIs("activation_function", "swiglu"), ConfigIs("hidden_act", "silu"), ConfigIs("rotary_emb_fraction", "1.0")]
[ConfigIs("causal|prenorm|rotary_emb_interleaved|use_rms_norm", "false")]
[IgnoredConfig("n_positions|max_trained_positions|rotary_emb_base", "other keys say the same"), Hf(nameof(TokenEmbdNorm), "emb_ln")]
[Hf(nameof(Layers), "encoder.layers.{i}"), Hf(nameof(ContextLength), "max_trained_positions|max_position_embeddings|n_positions")]
[Hf(nameof(Layer.AttnQkv), "attn.Wqkv"), Hf(nameof(Layer.AttnOutput), "attn.out_proj"), Hf(nameof(Layer.AttnOutputNorm), "norm1")]
[Hf(nameof(Layer.FfnUp), "mlp.fc11"), Hf(nameof(Layer.FfnDown), "mlp.fc2"), Hf(nameof(Layer.LayerOutputNorm), "norm2")]
[IgnoredConfig("rotary_scaling_factor", "it changes nothing within the trained context")]
[ConfigDefaults("vocab_size=30522|hidden_size=768|num_hidden_layers=12|num_attention_heads=12|intermediate_size=3072|hidden_act=gelu|layer_norm_eps=1e-12"
    + "|type_vocab_size=2|pad_token_id=0|max_position_embeddings=2048|rope_theta=10000", With = "rope_parameters")]
[ConfigDefaults("rotary_emb_base=1000|rotary_emb_fraction=0", With = "n_embd")]
public partial class NomicBert : Bert
{
    public partial class GatedLayer : Layer
    {
        [Tensor("Ff, Embd", Hf = "mlp.fc12")] public partial Linear FfnGate { get; }

        protected override Tensor FeedForward(Tensor x) => FfnDown.Of(Silu(FfnGate.Of(x)) * FfnUp.Of(x));
    }

    protected override Tensor Embed(Tokens tokens) => TokenEmbd.Of(tokens);
}
