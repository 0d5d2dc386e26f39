namespace ArchGen.Architectures;

/// <summary>The same decoder, which runs its layers twice (arXiv:1807.03819).</summary>
[Architecture("looped", Rope = RopeKind.HalfSplit)]
public partial class Looped : SharedKeys
{
    public override Tensor Forward(Tokens tokens)
    {
        var x = Layers.Of(TokenEmbd.Of(tokens));
        x = Layers.Of(x);
        return TokenEmbd.Logits(OutputNorm.Of(x));
    }
}
