namespace ArchGen.Architectures;

/// <summary>What Command R and its successors share: layer norms without bias, one for both parts of a layer, and scaled logits (Cohere 2024).</summary>
[Architecture("cohere-parallel")]
public abstract partial class ParallelCohere : BaseDecoder
{
    [Tensor("Embd")] public partial LayerNorm OutputNorm { get; }

    [HyperParameter("logit_scale", Hf = "logit_scale")] public partial float LogitScale { get; }

    public abstract partial class CohereLayer : JoinedLayer, IGatedFeedForward
    {
        [Tensor("Embd")] public partial LayerNorm AttnNorm { get; }

        public Tensor Forward(Tensor x)
        {
            var h = AttnNorm.Of(x);
            return x + Attend(h) + FeedForward(h);
        }

        protected override Tensor FeedForward(Tensor h) => SwiGlu.Of(this, h);
    }

    protected override Tensor LastNorm(Tensor x) => OutputNorm.Of(x);
    protected override Tensor Logits(Tensor x) => base.Logits(x) * LogitScale;
}
