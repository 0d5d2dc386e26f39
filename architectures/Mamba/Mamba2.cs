namespace ArchGen.Architectures;

/// <summary>Mamba-2: a selective state space in place of attention (arXiv:2405.21060).</summary>
[Architecture("mamba2", Rope = RopeKind.None)]
public partial class Mamba2 : Decoder
{
    private Weights ByGroup(Weights norm) => norm.Reshaped(SsmGroups, norm.ElementCount / SsmGroups);

    public partial class Layer : Block, IMamba2
    {
        [Tensor("Embd", Hf = "norm")] public partial RmsNorm AttnNorm { get; }

        public Tensor Forward(Tensor x) => x + Mamba2Mixer.Of(this, AttnNorm.Of(x));
    }
}

// Checkpoints.
[HuggingFace("Mamba2ForCausalLM"), Hf(nameof(IMamba2.SsmNorm), "mixer.norm", From = nameof(ByGroup))]
[Hf(nameof(TokenEmbd), "backbone.embeddings|backbone.embedding"), Hf(nameof(OutputNorm), "backbone.norm_f"), Hf(nameof(Layers), "backbone.layers.{i}")]
[Hf(nameof(ContextLength), "1048576"), Hf(nameof(Ff), "0"), Hf(nameof(Heads), "0"), IgnoredConfig("norm_before_gate", "transformers does not read it")]
[ConfigIs("rms_norm", "true"), ConfigIs("time_step_limit", "0.0|Infinity"), IgnoredConfig("head_dim", "it follows from the widths")]
public partial class Mamba2;
