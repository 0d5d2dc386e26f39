namespace ArchGen.Architectures;

/// <summary>The gated feed-forward network of Llama and similar models (arXiv:2002.05202).</summary>
public interface IGatedFeedForward
{
    [Tensor("Ff, Embd")] Linear FfnGate { get; }
    [Tensor("Ff, Embd")] Linear FfnUp { get; }
    [Tensor("Embd, Ff")] Linear FfnDown { get; }
}

/// <summary>The same with biases, if a file has any.</summary>
public interface IBiasedFeedForward
{
    [Tensor("Ff, Embd", Bias = Bias.Optional)] Linear FfnGate { get; }
    [Tensor("Ff, Embd", Bias = Bias.Optional)] Linear FfnUp { get; }
    [Tensor("Embd, Ff", Bias = Bias.Optional)] Linear FfnDown { get; }
}

/// <summary>A gated feed-forward network whose gate and up are one matrix.</summary>
public interface IPackedFeedForward
{
    [Tensor("2*Ff, Embd", Hf = "mlp.gate_up_proj")] Linear FfnUp { get; }
    [Tensor("Embd, Ff")] Linear FfnDown { get; }

    int Ff { get; }
}

/// <summary>The feed-forward network without a gate (arXiv:1706.03762).</summary>
public interface IPlainFeedForward
{
    [Tensor("Ff, Embd", Bias = Bias.Optional)] Linear FfnUp { get; }
    [Tensor("Embd, Ff", Bias = Bias.Optional)] Linear FfnDown { get; }
}

/// <summary>The same with biases.</summary>
public interface IBiasedPlainFeedForward : IPlainFeedForward
{
    [Tensor("Ff, Embd", Bias = Bias.Required)] new Linear FfnUp { get; }
    [Tensor("Embd, Ff", Bias = Bias.Required)] new Linear FfnDown { get; }
}

/// <summary>T5's feed-forward network: a file has a gate, which goes with GELU, or none, which goes with ReLU (arXiv:1910.10683, arXiv:2002.05202).</summary>
public interface IT5FeedForward
{
    [Tensor("Ff, Embd")] Linear? FfnGate { get; }
    [Tensor("Ff, Embd")] Linear FfnUp { get; }
    [Tensor("Embd, Ff")] Linear FfnDown { get; }
}

/// <summary>Feed-forward networks with an activation: h [T, embd] -> [T, embd].</summary>
public abstract class Ffn : OpVocabulary
{
    public static Tensor Of(IGatedFeedForward part, Tensor h, Func<Tensor, Tensor> activation) =>
        part.FfnDown.Of(activation(part.FfnGate.Of(h)) * part.FfnUp.Of(h));

    public static Tensor Of(IBiasedFeedForward part, Tensor h, Func<Tensor, Tensor> activation) =>
        part.FfnDown.Of(activation(part.FfnGate.Of(h)) * part.FfnUp.Of(h));

    public static Tensor Of(IPackedFeedForward part, Tensor h, Func<Tensor, Tensor> activation)
    {
        var (gate, up) = part.FfnUp.Of(h).Split(part.Ff, part.Ff);
        return part.FfnDown.Of(activation(gate) * up);
    }

    public static Tensor Of(IPlainFeedForward part, Tensor h, Func<Tensor, Tensor> activation) => part.FfnDown.Of(activation(part.FfnUp.Of(h)));

    public static Tensor Of(IT5FeedForward part, Tensor h) =>
        part.FfnDown.Of(part.FfnGate is null ? Relu(part.FfnUp.Of(h)) : GeluTanh(part.FfnGate.Of(h)) * part.FfnUp.Of(h));
}

/// <summary>Gated by SiLU (arXiv:2002.05202).</summary>
public abstract class SwiGlu : OpVocabulary
{
    public static Tensor Of(IGatedFeedForward part, Tensor h) => Ffn.Of(part, h, Silu);

    public static Tensor Of(IBiasedFeedForward part, Tensor h) => Ffn.Of(part, h, Silu);

    public static Tensor Of(IPackedFeedForward part, Tensor h) => Ffn.Of(part, h, Silu);
}

/// <summary>Gated by GELU (arXiv:2002.05202), as its tanh approximates it.</summary>
public abstract class GeGlu : OpVocabulary
{
    public static Tensor Of(IGatedFeedForward part, Tensor h) => Ffn.Of(part, h, GeluTanh);

    public static Tensor Of(IBiasedFeedForward part, Tensor h) => Ffn.Of(part, h, GeluTanh);

    public static Tensor Of(IPackedFeedForward part, Tensor h) => Ffn.Of(part, h, GeluTanh);
}
