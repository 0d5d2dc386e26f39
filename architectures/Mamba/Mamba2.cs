namespace ArchGen.Architectures;

/// <summary>Mamba-2: a selective state space in place of attention (arXiv:2405.21060).</summary>
[Architecture("mamba2", Rope = RopeKind.None)]
public partial class Mamba2 : DecoderModel
{
    [Tensor("Vocab, Embd", Hf = "backbone.embeddings|backbone.embedding")] public partial Embedding TokenEmbd { get; }
    [Tensor("Embd", Hf = "backbone.norm_f")] public partial RmsNorm OutputNorm { get; }
    [Tensor("Vocab, Embd", Hf = "lm_head", TiedTo = nameof(TokenEmbd))] public partial Linear Output { get; }
    [Blocks("blk.{i}", Hf = "backbone.layers.{i}", Count = nameof(BlockCount))] public partial BlockList<Layer> Layers { get; }

    private Weights ByGroup(Weights norm) => norm.Reshaped(SsmGroups, norm.ElementCount / SsmGroups);

    public partial class Layer : Block, IMamba2
    {
        [Tensor("Embd", Hf = "norm")] public partial RmsNorm AttnNorm { get; }

        public Tensor Forward(Tensor x) => x + Mamba2Mixer.Of(this, AttnNorm.Of(x));
    }

    public override Tensor Forward(Tokens tokens) => Output.Of(OutputNorm.Of(Layers.Of(TokenEmbd.Of(tokens))));
}

// Checkpoints.
[HuggingFace("Mamba2ForCausalLM"), Hf(nameof(IMamba2.SsmNorm), "mixer.norm", From = nameof(ByGroup))]
[Hf(nameof(ContextLength), "1048576"), Hf(nameof(Ff), "0"), Hf(nameof(Heads), "0")]
[ConfigIs("rms_norm", "true"), ConfigIs("time_step_limit", "0.0|Infinity"), IgnoredConfig("head_dim", "it follows from the widths")]
[IgnoredConfig("norm_before_gate", "transformers does not read it")]
public partial class Mamba2;
