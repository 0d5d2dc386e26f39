namespace ArchGen.Architectures;

/// <summary>Llama-Embed-Nemotron: Llama 3 that attends both ways; its rows are embeddings (arXiv:2511.07025).</summary>
[Architecture("llama-embed", Rope = RopeKind.Interleaved)]
public partial class LlamaEmbed : Decoder
{
    public bool IsMixture => ExpertCount > 0;

    public abstract partial class Layer : PreNormLayer, IAttention
    {
        protected override Tensor Attend(Tensor h) => SelfAttention.Of(this, h, LongRotary, 1 / Sqrt(HeadDim));
    }

    public partial class DenseLayer : Layer, IBiasedFeedForward
    {
        protected override Tensor FeedForward(Tensor h) => SwiGlu.Of(this, h);
    }

    [When(nameof(IsMixture))]
    public partial class MixtureLayer : Layer, IMixture
    {
        protected override Tensor FeedForward(Tensor h) => Mixture.Of(this, h);
    }

    public override Tensor Forward(Tokens tokens) => OutputNorm.Of(Layers.Of(TokenEmbd.Of(tokens)));
}

// Checkpoints.
[Hf(nameof(IsCausal), "false"), HuggingFace("LlamaBidirectionalModel"), IgnoredConfig("pooling", "modules.json tells")]
[Default(nameof(IExperts.ExpertCount), "0"), Default(nameof(IExperts.ExpertsUsed), "0"), IgnoredTensors("output.weight", "rows are the result")]
public partial class LlamaEmbed;
