namespace ArchGen.Architectures;

/// <summary>SmolLM3: Llama without rotations in every fourth layer (Hugging Face 2025, arXiv:2501.18795).</summary>
[Architecture("smollm3")]
public partial class SmolLm3 : Llama
{
    [HyperParameter("no_rope_layer_interval", Hf = "no_rope_layers|no_rope_layer_interval", Unless = "4", Default = "4")]
    public partial LayerPattern RotaryPattern { get; }

    public partial class NopeLayer : Layer
    {
        public bool IsRotary => RotaryPattern[Index];

        protected override Tensor Position(Tensor heads) => IsRotary ? Rope(heads, Factors(heads)) : heads;
    }
}

// Checkpoints.
[HuggingFace("SmolLM3ForCausalLM")]
[ConfigIs("use_sliding_window", "false"), ConfigIs("layer_types", "full_attention"), IgnoredConfig("max_window_layers", "no layer slides")]
public partial class SmolLm3;
