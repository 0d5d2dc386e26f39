namespace ArchGen.Architectures;

public abstract partial class BaseDecoder
{
    /// <summary>A layer whose parts each have a norm before them (arXiv:2002.04745).</summary>
    public abstract partial class PreNormLayer : JoinedLayer
    {
        [Tensor("Embd")] public partial RmsNorm AttnNorm { get; }
        [Tensor("Embd")] public partial RmsNorm FfnNorm { get; }

        public virtual Tensor Forward(Tensor x)
        {
            x += Attend(AttnNorm.Of(x));
            return x + FeedForward(FfnNorm.Of(x));
        }
    }

    /// <summary>The same, in files that call the second norm by its place, after attention.</summary>
    public abstract partial class PostAttentionNormLayer : JoinedLayer
    {
        [Tensor("Embd")] public partial RmsNorm AttnNorm { get; }
        [Tensor("Embd", Hf = "post_attention_layernorm")] public partial RmsNorm PostAttentionNorm { get; }

        public virtual Tensor Forward(Tensor x)
        {
            x += Attend(AttnNorm.Of(x));
            return x + FeedForward(PostAttentionNorm.Of(x));
        }
    }

    /// <summary>The same with layer norms with biases (Radford et al. 2019).</summary>
    public abstract partial class LayerNormLayer : JoinedLayer, ILayerNorms
    {
        public virtual Tensor Forward(Tensor x)
        {
            x += Attend(AttnNorm.Of(x));
            return x + FeedForward(FfnNorm.Of(x));
        }
    }

    /// <summary>A layer with a norm after each part, on what it adds (arXiv:2501.00656).</summary>
    public abstract partial class PostNormLayer : JoinedLayer, IPostNorm
    {
        public virtual Tensor Forward(Tensor x)
        {
            x += PostAttentionNorm.Of(Attend(x));
            return x + PostFfwNorm.Of(FeedForward(x));
        }
    }

    /// <summary>A layer with a norm before each part, and one on what it adds (arXiv:2105.13290, arXiv:2408.00118).</summary>
    public abstract partial class SandwichLayer : JoinedLayer, IPostNorm
    {
        [Tensor("Embd")] public partial RmsNorm AttnNorm { get; }
        [Tensor("Embd", Hf = "pre_feedforward_layernorm")] public partial RmsNorm FfnNorm { get; }

        public virtual Tensor Forward(Tensor x)
        {
            x += PostAttentionNorm.Of(Attend(AttnNorm.Of(x)));
            return x + PostFfwNorm.Of(FeedForward(FfnNorm.Of(x)));
        }
    }

    /// <summary>A layer whose two parts read one norm, side by side (Wang and Komatsuzaki 2021).</summary>
    public abstract partial class ParallelLayer : JoinedLayer
    {
        [Tensor("Embd")] public partial RmsNorm AttnNorm { get; }

        public virtual Tensor Forward(Tensor x)
        {
            var h = AttnNorm.Of(x);
            return x + Attend(h) + FeedForward(h);
        }
    }

    /// <summary>A layer of two parts: attention, or another mixer of tokens, and a feed-forward network. Both are given h [T, embd] and give as much.</summary>
    public abstract partial class JoinedLayer : RotaryLayer
    {
        protected abstract Tensor Attend(Tensor h);
        protected abstract Tensor FeedForward(Tensor h);
    }
}
