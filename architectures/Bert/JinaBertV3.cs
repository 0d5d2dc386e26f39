namespace ArchGen.Architectures;

/// <summary>Jina Embeddings 3: XLM-RoBERTa with rotations in place of positions (arXiv:2409.10173).</summary>
[Architecture("jina-bert-v3", Rope = RopeKind.HalfSplit)]
public partial class JinaBertV3 : Bert
{
    protected override Tensor Embed(Tokens tokens) => TokenEmbd.Of(tokens);
}
