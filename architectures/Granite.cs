namespace ArchGen.Architectures;

/// <summary>Granite 3: Llama with multipliers on embeddings, attention, residual branches and logits (IBM 2024, arXiv:2408.13359).</summary>
[Architecture("granite", Rope = RopeKind.Normal, Epsilon = nameof(RmsEpsilon), IgnoredScales = "blk.*.ffn_*")]
[HuggingFace("GraniteForCausalLM"), Writes("tokenizer.ggml.pre", "'refact'"), Writes("vocab_size", "vocab_size")]
[Writes("rope.dimension_count", "head_dim|hidden_size/num_attention_heads")]
public partial class Granite : Llama
{
    [HyperParameter("embedding_scale", Hf = "embedding_multiplier", Default = "1")] public partial float EmbeddingScale { get; }
    [HyperParameter("residual_scale", Hf = "residual_multiplier", Default = "1")] public partial float ResidualScale { get; }
    [HyperParameter("logit_scale", Hf = "logits_scaling", Default = "1")] public partial float LogitScale { get; }

    public partial class ScaledLayer : Layer
    {
        public override Tensor Forward(Tensor x)
        {
            var h = AttnNorm.Of(x);
            x += AttnOutput.Of(Attend(Query(h), Key(h), AttnV.Of(h).Heads(KvHeads))) * ResidualScale;
            return x + (FeedForward(FfnNorm.Of(x)) * ResidualScale);
        }
    }

    public override Tensor Forward(Tokens tokens) => Output.Of(OutputNorm.Of(Layers.Of(TokenEmbd.Of(tokens) * EmbeddingScale))) * (1 / LogitScale);
}
