namespace ArchGen.Architectures;

/// <summary>A head that gives a text its scores, in files whose pooling type is rank.</summary>
public interface IRanker : IRankerSizes
{
    [Tensor("Labels, Embd", Name = "cls.output", RequiredIf = nameof(IsRanker))] Linear ClsOutput { get; }

    bool IsRanker { get; }
}

/// <summary>The scores of a text: its last row [1, embd] -> [1, labels].</summary>
public abstract class Ranker : OpVocabulary
{
    public static Tensor Of(IRanker part, Tensor row) => part.ClsOutput.Of(row);
}
