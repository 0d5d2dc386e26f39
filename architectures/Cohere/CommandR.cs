namespace ArchGen.Architectures;

/// <summary>Command R: attention and feed-forward network side by side on one norm without bias, logits scaled (Cohere 2024).</summary>
[Architecture("command-r", Rope = RopeKind.Interleaved)]
public partial class CommandR : BaseDecoder
{
    [Tensor("Embd")] public partial LayerNorm OutputNorm { get; }

    [HyperParameter("logit_scale", Hf = "logit_scale", Default = "1")] public partial float LogitScale { get; }

    public partial class Layer : GatedLayer
    {
        [Tensor("Embd")] public partial LayerNorm AttnNorm { get; }
        [Tensor("Heads, HeadDim")] public partial LayerNorm? AttnQNorm { get; }
        [Tensor("KvHeads, HeadDim")] public partial LayerNorm? AttnKNorm { get; }
        [Tensor("Embd, Heads*HeadDim", Bias = Bias.Optional)] public partial Linear AttnOutput { get; }

        public Tensor Forward(Tensor x)
        {
            var h = AttnNorm.Of(x);
            Tensor q = AttnQ.Of(h).Heads(Heads), k = AttnK.Of(h).Heads(KvHeads), v = AttnV.Of(h).Heads(KvHeads);
            var attended = AttnOutput.Of(Attention(Rope(AttnQNorm?.Of(q) ?? q), Rope(AttnKNorm?.Of(k) ?? k), v, 1 / Sqrt(HeadDim)));
            return x + attended + FfnDown.Of(Silu(FfnGate.Of(h)) * FfnUp.Of(h));
        }
    }

    protected override Tensor LastNorm(Tensor x) => OutputNorm.Of(x);
    protected override Tensor Logits(Tensor x) => Output.Of(x) * LogitScale;
}

// Checkpoints.
[HuggingFace("CohereForCausalLM", Rope = RopeKind.Interleaved)]
[Hf(nameof(ContextLength), "model_max_length|max_position_embeddings"), IgnoredConfig("use_qk_norm", "the tensors tell")]
public partial class CommandR;
