namespace ArchGen.Architectures;

/// <summary>Norms on what attention and the feed-forward network add to the residual stream (arXiv:2105.13290).</summary>
public interface IPostNorm
{
    [Tensor("Embd", Hf = "post_attention_layernorm")] RmsNorm PostAttentionNorm { get; }
    [Tensor("Embd", Hf = "post_feedforward_layernorm")] RmsNorm PostFfwNorm { get; }
}
