namespace ArchGen.Architectures;

/// <summary>PLaMo: attention and feed-forward network side by side on one norm (Preferred Networks 2023).</summary>
[Architecture("plamo", Rope = RopeKind.HalfSplit)]
public partial class Plamo : Decoder
{
    public partial class Layer : ParallelLayer, IAttention, IGatedFeedForward
    {
        protected override Tensor Attend(Tensor h) => SelfAttention.Of(this, h, Rotary, 1 / Sqrt(HeadDim));
        protected override Tensor FeedForward(Tensor h) => SwiGlu.Of(this, h);
    }
}

// Checkpoints; their query heads read the key heads by turns.
[HuggingFace("PlamoForCausalLM"), Hf(nameof(Layers), "model.layers.layers.{i}"), Hf(nameof(Layer.AttnNorm), "norm")]
[Hf(nameof(KvHeads), "num_attention_heads/n_shared_head"), IgnoredConfig("num_key_value_heads", "n_shared_head says it")]
[Hf(nameof(Layer.AttnQ), "self_attn.q_proj", From = nameof(Grouped)), Hf(nameof(Layer.AttnOutput), "self_attn.o_proj", From = nameof(GroupedColumns))]
public partial class Plamo
{
    private Weights Grouped(Weights q) => q.SwappedGroups(Heads / KvHeads, KvHeads);
    private Weights GroupedColumns(Weights output) => output.SwappedColumnGroups(Heads / KvHeads, KvHeads);
}
