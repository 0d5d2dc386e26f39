namespace ArchGen.Testing.Tests.Models;

/// <summary>A model with a hyper-parameter that nobody can guess.</summary>
[Architecture("odd", Rope = RopeKind.None)]
public partial class Odd : DecoderModel
{
    [HyperParameter("flavour")] public partial string Flavour { get; }

    [Tensor("Vocab, Embd", Hf = "embed")] public partial Embedding TokenEmbd { get; }
    [Tensor("Vocab, Embd", Hf = "head")] public partial Linear Output { get; }

    public override Tensor Forward(Tokens tokens)
    {
        var x = TokenEmbd.Of(tokens);
        return Output.Of(Flavour == "sour" ? Silu(x) : x);
    }
}
