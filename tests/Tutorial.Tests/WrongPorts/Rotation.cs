using ArchGen.Architectures;

namespace ArchGen.Tutorial.Tests.WrongPorts;

/// <summary>Pairs of halves, not of neighbours.</summary>
[Architecture("wrong-llama-rope-kind", Rope = RopeKind.HalfSplit)] public partial class LlamaRopeKind : Llama;

/// <summary>Pairs of neighbours, not of halves.</summary>
[Architecture("wrong-qwen2-rope-kind", Rope = RopeKind.Interleaved)] public partial class Qwen2RopeKind : Qwen2;

/// <summary>Another model's results are stated; these are others yet.</summary>
[Architecture("wrong-phimoe-rope-kind", Rope = RopeKind.Interleaved)] public partial class PhiMoeRopeKind : PhiMoe;

/// <summary>Another model's results are stated; these are others yet.</summary>
[Architecture("wrong-starcoder2-rope-kind", Rope = RopeKind.Interleaved)]
public partial class StarCoder2RopeKind : StarCoder2;

/// <summary>No rotation.</summary>
[Architecture("wrong-qwen2-without-rope", Rope = RopeKind.None)] public partial class Qwen2WithoutRope : Qwen2;

/// <summary>Every second layer is not rotated.</summary>
[Architecture("wrong-smollm3-nope-interval", Rope = RopeKind.Interleaved), Default(nameof(RotaryPattern), "2")]
public partial class SmolLm3NopeInterval : SmolLm3;

/// <summary>The layers are rotated that should not be, and the others not.</summary>
[Architecture("wrong-smollm3-nope-reversed", Rope = RopeKind.Interleaved)]
public partial class SmolLm3NopeReversed : SmolLm3
{
    public partial class ReversedLayer : Layer
    {
        protected override Tensor Attend(Tensor h) => SelfAttention.Of(this, h, x => RotaryPattern[Index] ? x : Rope(x), 1 / Sqrt(HeadDim));
    }
}

/// <summary>Another base.</summary>
[Architecture("wrong-qwen2-rope-base", Rope = RopeKind.HalfSplit)]
public partial class Qwen2RopeBase : Qwen2
{
    public partial class BasedLayer : Layer
    {
        protected override Tensor Attend(Tensor h) => SelfAttention.Of(this, h, x => Rope(x, freqBase: 500000), 1 / Sqrt(HeadDim));
    }
}

/// <summary>A base that is hardly another: below NMSE 1e-4.</summary>
[Architecture("wrong-qwen2-rope-base-nearly", Rope = RopeKind.HalfSplit)]
public partial class Qwen2RopeBaseNearly : Qwen2
{
    public partial class BasedLayer : Layer
    {
        protected override Tensor Attend(Tensor h) => SelfAttention.Of(this, h, x => Rope(x, freqBase: 10010), 1 / Sqrt(HeadDim));
    }
}

/// <summary>Queries and keys are normed after the rotation.</summary>
[Architecture("wrong-qwen3-norm-after-rope", Rope = RopeKind.HalfSplit)]
public partial class Qwen3NormAfterRope : Qwen3
{
    public partial class LateNormLayer : Layer
    {
        protected override Tensor Attend(Tensor h) => SelfAttention.NormedLast(this, h, x => Rope(x), 1 / Sqrt(HeadDim));
    }
}

/// <summary>Values are rotated too.</summary>
[Architecture("wrong-qwen2-values-rotated", Rope = RopeKind.HalfSplit)]
public partial class Qwen2ValuesRotated : Qwen2
{
    public partial class RotatedLayer : Layer
    {
        protected override Tensor Attend(Tensor h)
        {
            Tensor q = Rope(AttnQ.Of(h).Heads(Heads)), k = Rope(AttnK.Of(h).Heads(KvHeads)), v = Rope(AttnV.Of(h).Heads(KvHeads));
            return AttnOutput.Of(Attention(q, k, v, 1 / Sqrt(HeadDim)));
        }
    }
}
