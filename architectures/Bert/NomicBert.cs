namespace ArchGen.Architectures;

/// <summary>Nomic Embed: BERT with rotations, a gated feed-forward network, and one matrix for queries, keys and values (arXiv:2402.01613).</summary>
[Architecture("nomic-bert", Rope = RopeKind.HalfSplit)]
public partial class NomicBert : Bert
{
    public partial class GatedLayer : Layer, IGatedFeedForward
    {
        protected override Tensor FeedForward(Tensor h) => SwiGlu.Of(this, h);
    }

    protected override Tensor Embed(Tokens tokens) => TokenEmbd.Of(tokens);
}

// Checkpoints.
[HuggingFace("NomicBertModel"), Hf(nameof(TokenEmbdNorm), "emb_ln"), Hf(nameof(Layers), "encoder.layers.{i}")]
[Hf(nameof(ContextLength), "max_trained_positions|max_position_embeddings|n_positions"), Hf(nameof(Layer.AttnQkv), "attn.Wqkv")]
[Hf(nameof(Layer.AttnOutput), "attn.out_proj"), Hf(nameof(Layer.AttnOutputNorm), "norm1"), Hf(nameof(GatedLayer.FfnGate), "mlp.fc12")]
[Hf(nameof(Layer.FfnUp), "mlp.fc11"), Hf(nameof(Layer.FfnDown), "mlp.fc2"), Hf(nameof(Layer.LayerOutputNorm), "norm2")]
[ConfigIs("rotary_emb_fraction", "1.0"), ConfigIs("causal|prenorm|rotary_emb_interleaved|use_rms_norm", "false")]
[IgnoredConfig("n_positions|max_trained_positions|rotary_emb_base", "other keys say the same")]
[IgnoredConfig("rotary_scaling_factor", "it changes nothing within the trained context")]
public partial class NomicBert;
