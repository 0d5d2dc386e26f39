namespace ArchGen.Architectures;

/// <summary>Refact: Llama with one key and value head, and ALiBi instead of rotations (Small Magellanic Cloud AI 2023).</summary>
[Architecture("refact", Rope = RopeKind.None)]
[HuggingFace("GPTRefactForCausalLM"), ConfigIs("multi_query", "true"), Hf(nameof(KvHeads), "1")]
[Hf(nameof(Ff), "roundup(8*n_embd/3, 256)")]
[Hf(nameof(TokenEmbd), "transformer.wte"), Hf(nameof(OutputNorm), "transformer.ln_f"), Hf(nameof(Layers), "transformer.h.{i}")]
[Hf(nameof(Layer.AttnNorm), "ln_1"), Hf(nameof(Layer.AttnQ), "attn.q"), Hf(nameof(Layer.AttnOutput), "attn.c_proj"), Hf(nameof(Layer.FfnNorm), "ln_2")]
[HfFused("attn.kv", nameof(Layer.AttnK), nameof(Layer.AttnV)), HfFused("mlp.gate_up_proj", nameof(Layer.FfnGate), nameof(Layer.FfnUp))]
[Hf(nameof(Layer.FfnDown), "mlp.c_proj")]
[IgnoredTensors("blk.*.attn_output.bias|blk.*.ffn_*.bias|rope_freqs.weight", "the published model has neither biases nor rotations")]
public partial class Refact : Llama
{
    public partial class AlibiLayer : Layer
    {
        protected override Tensor Attend(Tensor q, Tensor k, Tensor v) => Attention(q, k, v, 1 / Sqrt(HeadDim), alibi: 8);
    }
}
