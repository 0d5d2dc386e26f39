namespace ArchGen.Architectures;

/// <summary>GPT-2: pre-norm decoder with learned positions, layer norms and biases (Radford et al. 2019).</summary>
[Architecture("gpt2", Rope = RopeKind.None, IgnoredScales = "blk.*.ffn_*")]
[HuggingFace("GPT2LMHeadModel", "GPT2Model"), ConfigIs("activation_function", "gelu_new"), ConfigIs("scale_attn_weights", "true")]
[ConfigIs("scale_attn_by_inverse_layer_idx", "false"), IgnoredWeights("*.attn.bias|*.attn.masked_bias", "the causal mask")]
[Hf(nameof(Ff), "n_inner|4*n_embd|4*hidden_size")]
[Hf(nameof(ContextLength), "n_positions|max_position_embeddings"), IgnoredConfig("n_ctx", "n_positions says it")]
[ConfigDefaults("vocab_size=50257|n_positions=1024|n_embd=768|n_layer=12|n_head=12|layer_norm_epsilon=1e-5|bos_token_id=50256|eos_token_id=50256")]
public partial class Gpt2 : DecoderModel
{
    [Tensor("Vocab, Embd", Hf = "transformer.wte|wte")] public partial Embedding TokenEmbd { get; }
    [Tensor("ContextLength, Embd", Hf = "transformer.wpe|wpe")] public partial Embedding PositionEmbd { get; }
    [Tensor("Embd", Hf = "transformer.ln_f|ln_f", Bias = Bias.Required)] public partial LayerNorm OutputNorm { get; }
    [Tensor("Vocab, Embd", Hf = "lm_head", TiedTo = nameof(TokenEmbd))] public partial Linear Output { get; }
    [Blocks("blk.{i}", Hf = "transformer.h.{i}|h.{i}", Count = nameof(BlockCount))] public partial BlockList<Layer> Layers { get; }

    public virtual float AlibiBias => 0;

    public partial class Layer : Block
    {
        [Tensor("Embd", Hf = "ln_1", Bias = Bias.Required)] public partial LayerNorm AttnNorm { get; }
        [Tensor("(Heads + 2*KvHeads)*HeadDim, Embd", Hf = "attn.c_attn", From = nameof(Transposed), Bias = Bias.Required)]
        public partial Linear AttnQkv { get; }
        [Tensor("Embd, Heads*HeadDim", Hf = "attn.c_proj", From = nameof(Transposed), Bias = Bias.Required)] public partial Linear AttnOutput { get; }
        [Tensor("Embd", Hf = "ln_2", Bias = Bias.Required)] public partial LayerNorm FfnNorm { get; }
        [Tensor("Ff, Embd", Hf = "mlp.c_fc", From = nameof(Transposed), Bias = Bias.Required)] public partial Linear FfnUp { get; }
        [Tensor("Embd, Ff", Hf = "mlp.c_proj", From = nameof(Transposed), Bias = Bias.Required)] public partial Linear FfnDown { get; }

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
