using ArchGen;
using ArchGen.Architectures;

namespace Theirs;

/// <summary>Qwen3 whose feed-forward network counts by a factor.</summary>
[Architecture("scaled-qwen3")]
public partial class ScaledQwen3 : Qwen3
{
    /// <summary>The factor.</summary>
    [HyperParameter("ffn_scale", Default = "1")] public partial float FfnScale { get; }

    /// <summary>A layer with the factor.</summary>
    public partial class ScaledLayer : Layer
    {
        /// <inheritdoc/>
        protected override Tensor FeedForward(Tensor h) => Scaled.Of(base.FeedForward(h), FfnScale);
    }
}

/// <summary>A part.</summary>
public abstract class Scaled : OpVocabulary
{
    /// <summary>x * factor.</summary>
    public static Tensor Of(Tensor x, float factor) => x * factor;
}
