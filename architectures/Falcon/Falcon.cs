namespace ArchGen.Architectures;

/// <summary>Falcon: attention and feed-forward network side by side, one norm for both (7 B) or one each (40 B) (arXiv:2311.16867).</summary>
[Architecture("falcon", Rope = RopeKind.HalfSplit, IgnoredScales = "blk.*.ffn_*")]
[Quantization(WideOutput = true, LeanBlocks = true)]
[HuggingFace("FalconForCausalLM", "RWForCausalLM"), ConfigIs("activation", "gelu"), ConfigIs("alibi", "false"), ConfigIs("parallel_attn", "true")]
[IgnoredConfig("num_ln_in_parallel_attn|ff_factor", "the tensors tell"), IgnoredConfig("max_position_embeddings", "all were trained on 2048")]
[Hf(nameof(ContextLength), "2048"), Hf(nameof(Ff), "ffn_hidden_size|4*hidden_size"),
    Hf(nameof(KvHeads), nameof(KeyHeads))]
[Hf(nameof(RopeFreqBase), "rope_theta", Unless = "10000"), Writes("tensor_data_layout", "'jploski'")]
[ConfigDefaults("vocab_size=65024|hidden_size=4544|num_hidden_layers=32|num_attention_heads=71|layer_norm_epsilon=1e-5|new_decoder_architecture=false"
    + "|multi_query=true|bos_token_id=11|eos_token_id=11|rope_theta=10000", For = "FalconForCausalLM")]
[ConfigDefaults("vocab_size=250880|hidden_size=64|n_layer=2|n_head=8|layer_norm_epsilon=1e-5|bos_token_id=1|eos_token_id=2|multi_query=true"
    + "|parallel_attn=false|new_decoder_architecture=false", For = "RWForCausalLM")]
public partial class Falcon : DecoderModel
{
    [Tensor("Vocab, Embd", Hf = "transformer.word_embeddings")] public partial Embedding TokenEmbd { get; }
    [Tensor("Embd", Hf = "transformer.ln_f", Bias = Bias.Required)] public partial LayerNorm OutputNorm { get; }
    [Tensor("Vocab, Embd", Hf = "lm_head", TiedTo = nameof(TokenEmbd))] public partial Linear Output { get; }
    [Blocks("blk.{i}", Hf = "transformer.h.{i}", Count = nameof(BlockCount))] public partial BlockList<Layer> Layers { get; }

    // The checkpoint has for each key head its queries, the key and the value.
    private Weights Ungrouped(Weights qkv) => qkv.UngroupedQkv(KvHeads, Heads / KvHeads);

    private static int? KeyHeads(Config config)
    {
        int? stated = config.Int32("n_head_kv"), grouped = config.Int32("num_kv_heads"), all = config.Int32("num_attention_heads");
        bool isGrouped = config.Boolean("new_decoder_architecture") is true, isShared = config.Boolean("multi_query") is true;
        return stated ?? (isGrouped ? grouped : isShared ? 1 : all);
    }

    public partial class Layer : Block
    {
        [Tensor("Embd", Hf = "input_layernorm|ln_mlp", Bias = Bias.Required)] public partial LayerNorm AttnNorm { get; }
        [Tensor("Embd", Hf = "ln_attn", Name = "attn_norm_2", Bias = Bias.Required)] public partial LayerNorm? AttnNorm2 { get; }
        [Tensor("(Heads + 2*KvHeads)*HeadDim, Embd", Hf = "self_attention.query_key_value", From = nameof(Ungrouped))] public partial Linear AttnQkv { get; }
        [Tensor("Embd, Heads*HeadDim", Hf = "self_attention.dense")] public partial Linear AttnOutput { get; }
        [Tensor("Ff, Embd", Hf = "mlp.dense_h_to_4h")] public partial Linear FfnUp { get; }
        [Tensor("Embd, Ff", Hf = "mlp.dense_4h_to_h")] public partial Linear FfnDown { get; }

        public Tensor Forward(Tensor x)
        {
            var h = AttnNorm.Of(x);
            var (q, k, v) = AttnQkv.Of(AttnNorm2 is null ? h : AttnNorm2.Of(x)).Split(Heads * HeadDim, KvHeads * HeadDim, KvHeads * HeadDim);
            var attended = Attention(Rope(q.Heads(Heads)), Rope(k.Heads(KvHeads)), v.Heads(KvHeads), 1 / Sqrt(HeadDim));
            return x + AttnOutput.Of(attended) + FfnDown.Of(Gelu(FfnUp.Of(h)));
        }
    }

    public override Tensor Forward(Tokens tokens) => Output.Of(OutputNorm.Of(Layers.Of(TokenEmbd.Of(tokens))));
}
