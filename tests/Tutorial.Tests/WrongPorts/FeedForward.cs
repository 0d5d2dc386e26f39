using ArchGen.Architectures;

namespace ArchGen.Tutorial.Tests.WrongPorts;

/// <summary>GELU gates, not SiLU.</summary>
[Architecture("wrong-qwen2-activation", Rope = RopeKind.HalfSplit)]
public partial class Qwen2Activation : Qwen2
{
    public partial class GeluLayer : Layer
    {
        protected override Tensor FeedForward(Tensor h) => FfnDown.Of(GeluTanh(FfnGate.Of(h)) * FfnUp.Of(h));
    }
}

/// <summary>The other matrix is the gate.</summary>
[Architecture("wrong-qwen2-gate-and-up", Rope = RopeKind.HalfSplit)]
public partial class Qwen2GateAndUp : Qwen2
{
    public partial class ExchangedLayer : Layer
    {
        protected override Tensor FeedForward(Tensor h) => FfnDown.Of(FfnGate.Of(h) * Silu(FfnUp.Of(h)));
    }
}

/// <summary>The router's scores are sigmoids.</summary>
[Architecture("wrong-llama-moe-router", Rope = RopeKind.Interleaved)]
public partial class LlamaMoeRouter : Llama
{
    public partial class SigmoidLayer : MixtureLayer
    {
        protected override Tensor FeedForward(Tensor h)
        {
            var scores = Sigmoid(FfnGateInp.Of(h));
            var chosen = TopK(scores, ExpertsUsed);
            var weights = Gather(scores, chosen);
            return WeightedSum(FfnDownExps.Of(Silu(FfnGateExps.Of(h, chosen)) * FfnUpExps.Of(h, chosen), chosen), weights / Sum(weights));
        }
    }
}

/// <summary>The chosen experts' weights do not add up to 1.</summary>
[Architecture("wrong-llama-moe-weights-not-normalised", Rope = RopeKind.Interleaved)]
public partial class LlamaMoeWeightsNotNormalised : Llama
{
    public partial class RawLayer : MixtureLayer
    {
        protected override Tensor FeedForward(Tensor h)
        {
            var scores = Softmax(FfnGateInp.Of(h));
            var chosen = TopK(scores, ExpertsUsed);
            return WeightedSum(FfnDownExps.Of(Silu(FfnGateExps.Of(h, chosen)) * FfnUpExps.Of(h, chosen), chosen), Gather(scores, chosen));
        }
    }
}

/// <summary>The chosen experts' weights add up to 1, which they should not.</summary>
[Architecture("wrong-qwen2moe-weights-normalised", Rope = RopeKind.HalfSplit), Default(nameof(NormalizeWeights), "true")]
public partial class Qwen2MoeWeightsNormalised : Qwen2Moe;

/// <summary>A token passes one expert.</summary>
[Architecture("wrong-llama-moe-one-expert", Rope = RopeKind.Interleaved)]
public partial class LlamaMoeOneExpert : Llama
{
    public partial class LonelyLayer : MixtureLayer
    {
        protected override Tensor FeedForward(Tensor h)
        {
            var scores = Softmax(FfnGateInp.Of(h));
            var chosen = TopK(scores, 1);
            var weights = Gather(scores, chosen);
            return WeightedSum(FfnDownExps.Of(Silu(FfnGateExps.Of(h, chosen)) * FfnUpExps.Of(h, chosen), chosen), weights / Sum(weights));
        }
    }
}

/// <summary>The gate of the expert that all tokens pass is no probability.</summary>
[Architecture("wrong-qwen2moe-shared-expert", Rope = RopeKind.HalfSplit)]
public partial class Qwen2MoeSharedExpert : Qwen2Moe
{
    public partial class OpenLayer : Layer
    {
        protected override Tensor FeedForward(Tensor h)
        {
            var scores = Softmax(FfnGateInp.Of(h));
            var chosen = TopK(scores, ExpertsUsed);
            var mixed = WeightedSum(FfnDownExps.Of(Silu(FfnGateExps.Of(h, chosen)) * FfnUpExps.Of(h, chosen), chosen), Gather(scores, chosen));
            return mixed + (FfnDownShexp.Of(Silu(FfnGateShexp.Of(h)) * FfnUpShexp.Of(h)) * Silu(FfnGateInpShexp.Of(h)));
        }
    }
}
