namespace ArchGen.Architectures;

/// <summary>What Gemma 2 and Gemma 3 share: norms after each part too.</summary>
[Architecture("gemma-post-norm", Rope = RopeKind.Neox, Epsilon = nameof(RmsEpsilon))]
[Hf(nameof(Layer.FfnNorm), "pre_feedforward_layernorm", From = nameof(OnePlus))]
public abstract partial class PostNormGemma : Gemma
{
    public abstract partial class PostNormLayer : Layer
    {
        [Tensor("Embd", Hf = "post_attention_layernorm", From = nameof(OnePlus))] public partial RmsNorm PostAttentionNorm { get; }
        [Tensor("Embd", Hf = "post_feedforward_layernorm", From = nameof(OnePlus))] public partial RmsNorm PostFfwNorm { get; }

        public override Tensor Forward(Tensor x)
        {
            x += PostAttentionNorm.Of(Attend(AttnNorm.Of(x)));
            return x + PostFfwNorm.Of(FeedForward(FfnNorm.Of(x)));
        }
    }
}
