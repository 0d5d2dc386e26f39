namespace ArchGen.Architectures;

/// <summary>Command R: attention and feed-forward network side by side on one norm without bias, logits scaled (Cohere 2024).</summary>
[Architecture("command-r", Rope = RopeKind.Interleaved, IgnoredScales = "blk.*.ffn_*")]
[HuggingFace("CohereForCausalLM", Rope = RopeKind.Interleaved), ConfigIs("hidden_act", "silu"), Writes("rope.scaling.type", "'none'")]
[Hf(nameof(ContextLength), "model_max_length|max_position_embeddings"), IgnoredConfig("use_qk_norm", "the tensors tell")]
[ConfigDefaults("vocab_size=256000|hidden_size=8192|intermediate_size=22528|num_hidden_layers=40|num_attention_heads=64|max_position_embeddings=8192"
    + "|pad_token_id=0|bos_token_id=5|eos_token_id=255001|logit_scale=0.0625|layer_norm_eps=1e-5|rope_theta=500000")]
public partial class CommandR : Decoder
{
    [Tensor("Embd", Hf = "model.norm")] public partial LayerNorm OutputNorm { get; }
    [Tensor("Vocab, Embd", Hf = "lm_head", TiedTo = nameof(TokenEmbd))] public partial Linear Output { get; }

    [HyperParameter("logit_scale", Hf = "logit_scale", Default = "1")] public partial float LogitScale { get; }

    public partial class Layer : GatedLayer
    {
        [Tensor("Embd", Hf = "input_layernorm")] public partial LayerNorm AttnNorm { get; }
        [Tensor("Heads, HeadDim", Hf = "self_attn.q_norm")] public partial LayerNorm? AttnQNorm { get; }
        [Tensor("KvHeads, HeadDim", Hf = "self_attn.k_norm")] public partial LayerNorm? AttnKNorm { get; }
        [Tensor("Embd, Heads*HeadDim", Hf = "self_attn.o_proj", Bias = Bias.Optional)] public partial Linear AttnOutput { get; }

        public Tensor Forward(Tensor x)
        {
            var h = AttnNorm.Of(x);
            Tensor q = AttnQ.Of(h).Heads(Heads), k = AttnK.Of(h).Heads(KvHeads), v = AttnV.Of(h).Heads(KvHeads);
            var attended = AttnOutput.Of(Attention(Rope(AttnQNorm?.Of(q) ?? q), Rope(AttnKNorm?.Of(k) ?? k), v, 1 / Sqrt(HeadDim)));
            return x + attended + FfnDown.Of(Silu(FfnGate.Of(h)) * FfnUp.Of(h));
        }
    }

    public override Tensor Forward(Tokens tokens) => Output.Of(OutputNorm.Of(Layers.Of(TokenEmbd.Of(tokens)))) * LogitScale;
}
