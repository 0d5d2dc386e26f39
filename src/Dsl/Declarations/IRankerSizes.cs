namespace ArchGen;

/// <summary>
/// The numbers of a model that has a ranking head, <see cref="DecoderModel.Rank(Tensor)"/>: a model class or a part names this interface to have them.
/// </summary>
/// <remarks>Read-only once they are loaded: safe for concurrent use.</remarks>
public interface IRankerSizes
{
    /// <summary>The pooling type of a text's rows, as in a GGUF file; 4 is rank, and the file that of a ranker. 0, none, by default.</summary>
    [HyperParameter("pooling_type", Default = "0")]
    int PoolingType { get; }

    /// <summary>The number of labels: the scores that the ranking head computes. 1 by default.</summary>
    [HyperParameter("classifier.output_labels", Default = "1")]
    int Labels { get; }
}
