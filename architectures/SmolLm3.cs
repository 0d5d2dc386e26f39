namespace ArchGen.Architectures;

/// <summary>SmolLM3: Llama without rotations in every fourth layer (Hugging Face 2025, arXiv:2501.18795).</summary>
[Architecture("smollm3", Rope = RopeKind.Normal, Epsilon = nameof(RmsEpsilon))]
[HuggingFace("SmolLM3ForCausalLM"), ConfigIs("use_sliding_window", "false"), ConfigIs("layer_types", "full_attention")]
[Writes("vocab_size", "vocab_size"), Writes("rope.dimension_count", "head_dim|hidden_size/num_attention_heads")]
[IgnoredTensors("blk.*.ffn_*.scale", "llama.cpp leaves these scales out, and files are made for it")]
public partial class SmolLm3 : Llama
{
    [HyperParameter("no_rope_layer_interval", Hf = "period(no_rope_layers, 0)|no_rope_layer_interval", Unless = "4", Default = "4")] public partial int NopeInterval { get; }

    public partial class NopeLayer : Layer
    {
        public bool IsRotary => (Index + 1) % NopeInterval != 0;

        protected override Tensor Query(Tensor h) => IsRotary ? Rope(AttnQ.Of(h).Heads(Heads)) : AttnQ.Of(h).Heads(Heads);
        protected override Tensor Key(Tensor h) => IsRotary ? Rope(AttnK.Of(h).Heads(KvHeads)) : AttnK.Of(h).Heads(KvHeads);
    }
}
