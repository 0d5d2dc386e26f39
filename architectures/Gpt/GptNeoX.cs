namespace ArchGen.Architectures;

/// <summary>GPT-NeoX and Pythia: attention and feed-forward network side by side or in turn, a part of each head rotated (arXiv:2204.06745).</summary>
[Architecture("gptneox", Rope = RopeKind.HalfSplit, IgnoredScales = "blk.*.ffn_*")]
[HuggingFace("GPTNeoXForCausalLM"), ConfigIs("hidden_act", "gelu|gelu_fast|gelu_new|gelu_pytorch_tanh")]
[Hf(nameof(RopeFreqBase), "rotary_emb_base|rope_theta", Unless = "10000")]
[Hf(nameof(RopeDims), "rotary_pct*hidden_size/num_attention_heads")]
[Writes("general.file_type", "none"), IgnoredWeights("*.attention.bias", "the causal mask")]
[ConfigDefaults("vocab_size=50432|hidden_size=6144|num_hidden_layers=44|num_attention_heads=64|intermediate_size=24576|max_position_embeddings=2048"
    + "|layer_norm_eps=1e-5|bos_token_id=0|eos_token_id=2|use_parallel_residual=true|rotary_emb_base=10000|rotary_pct=0.25")]
public partial class GptNeoX : DecoderModel
{
    [Tensor("Vocab, Embd", Hf = "gpt_neox.embed_in")] public partial Embedding TokenEmbd { get; }
    [Tensor("Embd", Hf = "gpt_neox.final_layer_norm", Bias = Bias.Required)] public partial LayerNorm OutputNorm { get; }
    [Tensor("Vocab, Embd", Hf = "embed_out")] public partial Linear Output { get; }
    [Blocks("blk.{i}", Hf = "gpt_neox.layers.{i}", Count = nameof(BlockCount))] public partial BlockList<Layer> Layers { get; }

    [HyperParameter("use_parallel_residual", Hf = "use_parallel_residual")] public partial bool IsParallel { get; }
    [HyperParameter("hidden_activation", Hf = "hidden_act", Unless = "'gelu'", Default = "gelu")] public partial string Activation { get; }

    // The checkpoint has for each head its query, its key and its value.
    private Weights Ungrouped(Weights qkv) => qkv.UngroupedQkv(Heads, 1);

    public partial class Layer : Block, ILayerNorms
    {
        [Tensor("(Heads + 2*KvHeads)*HeadDim, Embd", Hf = "attention.query_key_value", From = nameof(Ungrouped), Bias = Bias.Required)]
        public partial Linear AttnQkv { get; }
        [Tensor("Embd, Heads*HeadDim", Hf = "attention.dense", Bias = Bias.Required)] public partial Linear AttnOutput { get; }
        [Tensor("Ff, Embd", Hf = "mlp.dense_h_to_4h", Bias = Bias.Required)] public partial Linear FfnUp { get; }
        [Tensor("Embd, Ff", Hf = "mlp.dense_4h_to_h", Bias = Bias.Required)] public partial Linear FfnDown { get; }

        public Tensor Forward(Tensor x)
        {
            var (q, k, v) = AttnQkv.Of(AttnNorm.Of(x)).Split(Heads * HeadDim, KvHeads * HeadDim, KvHeads * HeadDim);
            var attended = x + AttnOutput.Of(Attention(Rope(q.Heads(Heads)), Rope(k.Heads(KvHeads)), v.Heads(KvHeads), 1 / Sqrt(HeadDim)));
            var up = FfnUp.Of(FfnNorm.Of(IsParallel ? x : attended));
            return attended + FfnDown.Of(Activation == "gelu" ? Gelu(up) : GeluTanh(up));
        }
    }

    public override Tensor Forward(Tokens tokens) => Output.Of(OutputNorm.Of(Layers.Of(TokenEmbd.Of(tokens))));
}
