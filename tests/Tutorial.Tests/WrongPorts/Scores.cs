using ArchGen.Architectures;

namespace ArchGen.Tutorial.Tests.WrongPorts;

/// <summary>Scores are divided by the root of the stream's width, not of the head's.</summary>
[Architecture("wrong-llama-attention-scale", Rope = RopeKind.Interleaved)]
public partial class LlamaAttentionScale : Llama
{
    public partial class ScaledLayer : DenseLayer
    {
        protected override Tensor Attend(Tensor h) => SelfAttention.Of(this, h, x => Rope(x), 1 / Sqrt(Embd));
    }
}

/// <summary>Scores are not scaled.</summary>
[Architecture("wrong-llama-attention-scale-left-out", Rope = RopeKind.Interleaved)]
public partial class LlamaAttentionScaleLeftOut : Llama
{
    public partial class UnscaledLayer : DenseLayer
    {
        protected override Tensor Attend(Tensor h) => SelfAttention.Of(this, h, x => Rope(x), 1);
    }
}

/// <summary>Tokens see later ones.</summary>
[Architecture("wrong-llama-mask", Rope = RopeKind.Interleaved)]
public partial class LlamaMask : Llama
{
    public partial class SeeingLayer : DenseLayer
    {
        protected override Tensor Attend(Tensor h)
        {
            Tensor q = Rope(AttnQ.Of(h).Heads(Heads)), k = Rope(AttnK.Of(h).Heads(KvHeads)), v = AttnV.Of(h).Heads(KvHeads);
            return AttnOutput.Of(Attention(q, k, v, 1 / Sqrt(HeadDim), AttentionMask.Bidirectional));
        }
    }
}

/// <summary>Scores are capped that should not be.</summary>
[Architecture("wrong-llama-softcap", Rope = RopeKind.Interleaved)]
public partial class LlamaSoftcap : Llama
{
    public partial class CappedLayer : DenseLayer
    {
        protected override Tensor Attend(Tensor h)
        {
            Tensor q = Rope(AttnQ.Of(h).Heads(Heads)), k = Rope(AttnK.Of(h).Heads(KvHeads)), v = AttnV.Of(h).Heads(KvHeads);
            return AttnOutput.Of(Attention(q, k, v, 1 / Sqrt(HeadDim), softcap: 50));
        }
    }
}

/// <summary>Scores are not capped.</summary>
[Architecture("wrong-gemma2-without-softcap", Rope = RopeKind.HalfSplit)]
public partial class Gemma2WithoutSoftcap : Gemma2
{
    public partial class UncappedLayer : SlidingLayer
    {
        protected override Tensor Attend(Tensor h) => SelfAttention.Of(this, h, LongRotary, AttentionScale, Window);
    }
}

/// <summary>The other layers slide.</summary>
[Architecture("wrong-gemma2-window-pattern", Rope = RopeKind.HalfSplit)]
public partial class Gemma2WindowPattern : Gemma2
{
    public partial class OtherLayer : SlidingLayer
    {
        protected override Tensor Attend(Tensor h) =>
            SelfAttention.Of(this, h, LongRotary, AttentionScale, IsSliding ? 0 : SlidingWindow, 50);
    }
}

/// <summary>Every layer slides.</summary>
[Architecture("wrong-gemma3-window-everywhere", Rope = RopeKind.HalfSplit)]
public partial class Gemma3WindowEverywhere : Gemma3
{
    public partial class SlidingLayer : QkNormLayer
    {
        protected override Tensor Attend(Tensor h) =>
            SelfAttention.Of(this, h, Rotary with { FreqBase = FreqBase, IsScaled = !IsSliding }, AttentionScale, SlidingWindow);
    }
}

/// <summary>No layer slides.</summary>
[Architecture("wrong-gemma3-without-window", Rope = RopeKind.HalfSplit)]
public partial class Gemma3WithoutWindow : Gemma3
{
    public partial class FullLayer : QkNormLayer
    {
        protected override Tensor Attend(Tensor h) => SelfAttention.Of(this, h, Rotary with { FreqBase = FreqBase, IsScaled = !IsSliding }, AttentionScale);
    }
}

/// <summary>The window has one token more.</summary>
[Architecture("wrong-gemma3-window-size", Rope = RopeKind.HalfSplit)]
public partial class Gemma3WindowSize : Gemma3
{
    public partial class WideLayer : QkNormLayer
    {
        protected override Tensor Attend(Tensor h) =>
            SelfAttention.Of(this, h, Rotary with { FreqBase = FreqBase, IsScaled = !IsSliding }, AttentionScale, IsSliding ? SlidingWindow + 1 : 0);
    }
}

/// <summary>Another slope of ALiBi.</summary>
[Architecture("wrong-refact-alibi", Rope = RopeKind.None)]
public partial class RefactAlibi : Refact
{
    public partial class SteepLayer : Layer
    {
        protected override Tensor Attend(Tensor h) => SelfAttention.Alibi(this, h, 1 / Sqrt(HeadDim), 4);
    }
}
