namespace ArchGen.Architectures;

/// <summary>Two matrices after pooling, in files that have them (arXiv:2509.20354).</summary>
public interface IDenseHead
{
    [HyperParameter("dense_2_feat_out", Default = "0")] int ProjectedWidth { get; }
    [Tensor("ProjectedWidth, Embd", Name = "dense_2")] Linear? Dense2 { get; }
    [Tensor("Embd, ProjectedWidth", Name = "dense_3")] Linear? Dense3 { get; }
}

/// <summary>The embedding of a text: its pooled row [1, embd] -> [1, embd].</summary>
public abstract class DenseHead : OpVocabulary
{
    public static Tensor Of(IDenseHead part, Tensor row) => part.Dense2 is null || part.Dense3 is null ? row : part.Dense3.Of(part.Dense2.Of(row));
}
