namespace ArchGen.Architectures;

/// <summary>CodeShell: StarCoder with rotations in place of positions, and groups of query heads (arXiv:2403.15747).</summary>
[Architecture("codeshell", Rope = RopeKind.HalfSplit), Names(typeof(Gpt2Names))]
public partial class CodeShell : DecoderModel
{
    [Tensor("Vocab, Embd")] public partial Linear Output { get; }
    [Tensor("Vocab, Embd", TiedTo = nameof(Output))] public partial Embedding TokenEmbd { get; }
    [Tensor("Embd", Bias = Bias.Required)] public partial LayerNorm OutputNorm { get; }
    [Blocks("blk.{i}", Count = nameof(BlockCount))] public partial BlockList<Layer> Layers { get; }

    public partial class Layer : Block, ILayerNorms, IAnyAttention, IPlainFeedForward
    {
        public Tensor Forward(Tensor x)
        {
            x += SelfAttention.Of(this, AttnNorm.Of(x), Rotary, 1 / Sqrt(HeadDim));
            return x + Ffn.Of(this, FfnNorm.Of(x), GeluTanh);
        }
    }

    public override Tensor Forward(Tokens tokens) => Output.Of(OutputNorm.Of(Layers.Of(TokenEmbd.Of(tokens))));
}

// Checkpoints.
[HuggingFace("CodeShellForCausalLM"), Hf(nameof(KvHeads), "num_query_groups"), Hf(nameof(Ff), "n_inner|4*n_embd"), Hf(nameof(RopeFreqBase), "rope_theta|10000")]
[ConfigIs("position_embedding_type", "rope"), ConfigIs("group_query_attention", "true"), IgnoredWeights("*.attn.bias", "the causal mask")]
public partial class CodeShell;
