namespace ArchGen.Architectures;

/// <summary>Gemma: a wide feed-forward network gated by GELU, embeddings scaled by the root of their width (arXiv:2403.08295).</summary>
[Architecture("gemma", Rope = RopeKind.HalfSplit)]
public partial class Gemma : Decoder
{
    public partial class Layer : GatedLayer
    {
        [Tensor("Embd", From = nameof(OnePlus))] public partial RmsNorm AttnNorm { get; }
        [Tensor("Embd, Heads*HeadDim")] public partial Linear AttnOutput { get; }
        [Tensor("Embd", From = nameof(OnePlus))] public partial RmsNorm FfnNorm { get; }

        public virtual Tensor Forward(Tensor x)
        {
            x += Attend(AttnNorm.Of(x));
            return x + FeedForward(FfnNorm.Of(x));
        }

        protected Tensor Attend(Tensor h) => AttnOutput.Of(Mix(Query(h), Key(h), AttnV.Of(h).Heads(KvHeads)));
        protected Tensor FeedForward(Tensor h) => FfnDown.Of(GeluTanh(FfnGate.Of(h)) * FfnUp.Of(h));

        protected virtual Tensor Query(Tensor h) => Rope(AttnQ.Of(h).Heads(Heads), Factors(h));
        protected virtual Tensor Key(Tensor h) => Rope(AttnK.Of(h).Heads(KvHeads), Factors(h));
        protected virtual Tensor Mix(Tensor q, Tensor k, Tensor v) => Attention(q, k, v, 1 / Sqrt(HeadDim));
    }

    protected override Tensor Embed(Tokens tokens) => TokenEmbd.Of(tokens) * Sqrt(Embd);
}

// Checkpoints.
[HuggingFace("GemmaForCausalLM")]
[Hf(nameof(RopeFreqBase), "rope_theta", Unless = "10000"), Hf(nameof(OutputNorm), "model.norm", From = nameof(OnePlus))]
[ConfigIs("hidden_act", "gelu|gelu_pytorch_tanh")]
public partial class Gemma;
