namespace ArchGen.Architectures;

/// <summary>GPT-2: pre-norm decoder with learned positions, layer norms and biases (Radford et al. 2019).</summary>
[Architecture("gpt2", Rope = RopeKind.None), Names(typeof(Gpt2Names))]
public partial class Gpt2 : DecoderModel
{
    [Tensor("Vocab, Embd")] public partial Embedding TokenEmbd { get; }
    [Tensor("ContextLength, Embd")] public partial Embedding PositionEmbd { get; }
    [Tensor("Embd", Bias = Bias.Required)] public partial LayerNorm OutputNorm { get; }
    [Tensor("Vocab, Embd", TiedTo = nameof(TokenEmbd))] public partial Linear Output { get; }
    [Blocks("blk.{i}", Count = nameof(BlockCount))] public partial BlockList<Layer> Layers { get; }

    public virtual float AlibiBias => 0;

    public partial class Layer : Block
    {
        [Tensor("Embd", Bias = Bias.Required)] public partial LayerNorm AttnNorm { get; }
        [Tensor("(Heads + 2*KvHeads)*HeadDim, Embd", From = nameof(Transposed), Bias = Bias.Required)] public partial Linear AttnQkv { get; }
        [Tensor("Embd, Heads*HeadDim", From = nameof(Transposed), Bias = Bias.Required)] public partial Linear AttnOutput { get; }
        [Tensor("Embd", Bias = Bias.Required)] public partial LayerNorm FfnNorm { get; }
        [Tensor("Ff, Embd", From = nameof(Transposed), Bias = Bias.Required)] public partial Linear FfnUp { get; }
        [Tensor("Embd, Ff", From = nameof(Transposed), Bias = Bias.Required)] public partial Linear FfnDown { get; }

        public Tensor Forward(Tensor x)
        {
            var (q, k, v) = AttnQkv.Of(AttnNorm.Of(x)).Split(Heads * HeadDim, KvHeads * HeadDim, KvHeads * HeadDim);
            x += AttnOutput.Of(Attention(q.Heads(Heads), k.Heads(KvHeads), v.Heads(KvHeads), 1 / Sqrt(HeadDim), alibi: AlibiBias));
            return x + FfnDown.Of(GeluTanh(FfnUp.Of(FfnNorm.Of(x))));
        }
    }

    public override Tensor Forward(Tokens tokens) => Output.Of(OutputNorm.Of(Layers.Of(Embed(tokens))));

    protected virtual Tensor Embed(Tokens tokens) => TokenEmbd.Of(tokens) + PositionEmbd.Of(tokens.Positions);
}

// Checkpoints.
[HuggingFace("GPT2LMHeadModel", "GPT2Model")]
[Hf(nameof(Ff), "n_inner|4*n_embd|4*hidden_size"), Hf(nameof(ContextLength), "n_positions|max_position_embeddings")]
[ConfigIs("scale_attn_weights", "true"), ConfigIs("scale_attn_by_inverse_layer_idx", "false"), IgnoredConfig("n_ctx", "n_positions says it")]
[IgnoredWeights("*.attn.bias|*.attn.masked_bias", "the causal mask")]
public partial class Gpt2;
