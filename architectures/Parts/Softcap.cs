namespace ArchGen.Architectures;

/// <summary>Logits that approach a limit (arXiv:2408.00118); the generator inlines it into forward passes.</summary>
public abstract class Softcap : OpVocabulary
{
    /// <summary>limit * tanh(x / limit); a limit of 0 is none.</summary>
    public static Tensor Of(Tensor x, float limit) => limit == 0 ? x : Tanh(x * (1 / limit)) * limit;
}
