namespace ArchGen.Architectures;

/// <summary>SmolLM3: Llama without rotations in every fourth layer (Hugging Face 2025, arXiv:2501.18795).</summary>
[Architecture("smollm3", IgnoredScales = "blk.*.ffn_*")]
[HuggingFace("SmolLM3ForCausalLM"), ConfigIs("use_sliding_window", "false"), ConfigIs("layer_types", "full_attention")]
[IgnoredConfig("max_window_layers", "no layer slides")]
[Writes("vocab_size", "vocab_size"), Writes("rope.dimension_count", "head_dim|hidden_size/num_attention_heads")]
[ConfigDefaults("vocab_size=128256|hidden_size=2048|intermediate_size=11008|num_hidden_layers=36|num_attention_heads=16|num_key_value_heads=4"
    + "|max_position_embeddings=32768|rms_norm_eps=1e-6|pad_token_id=128004|bos_token_id=128000|eos_token_id=128001|no_rope_layer_interval=4"
    + "|rope_theta=2000000")]
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
