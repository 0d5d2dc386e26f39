namespace ArchGen;

/// <summary>
/// The arithmetic of an operation and the bytes that it must read from memory: weights, tables, keys, values and states, each once per
/// micro-batch. Activations do not count, since they stay in the caches. It is a linear function of the counts of a micro-batch: its rows, the
/// keys that attention reads, the experts that are used. One multiplication, addition, exponential or the like is one operation.
/// </summary>
public readonly record struct OpWork
{
    /// <summary>Floating-point operations for each row.</summary>
    public double FlopsPerRow { get; init; }

    /// <summary>Floating-point operations for each pair of query and key positions.</summary>
    public double FlopsPerPair { get; init; }

    /// <summary>Bytes read, independent of the number of rows.</summary>
    public double Bytes { get; init; }

    /// <summary>Bytes read for each row.</summary>
    public double BytesPerRow { get; init; }

    /// <summary>Bytes read for each position whose keys and values are read.</summary>
    public double BytesPerKey { get; init; }

    /// <summary>Bytes read for each expert that is used.</summary>
    public double BytesPerExpert { get; init; }

    /// <summary>Bytes read for each sequence.</summary>
    public double BytesPerSequence { get; init; }

    /// <summary>The sum of both.</summary>
    public static OpWork operator +(OpWork a, OpWork b) => new()
    {
        FlopsPerRow = a.FlopsPerRow + b.FlopsPerRow,
        FlopsPerPair = a.FlopsPerPair + b.FlopsPerPair,
        Bytes = a.Bytes + b.Bytes,
        BytesPerRow = a.BytesPerRow + b.BytesPerRow,
        BytesPerKey = a.BytesPerKey + b.BytesPerKey,
        BytesPerExpert = a.BytesPerExpert + b.BytesPerExpert,
        BytesPerSequence = a.BytesPerSequence + b.BytesPerSequence,
    };

    /// <summary>The floating-point operations of a micro-batch.</summary>
    public double FlopsOf(WorkCounts counts) => (FlopsPerRow * counts.Rows) + (FlopsPerPair * counts.Pairs);

    /// <summary>The bytes that a micro-batch reads; none without rows.</summary>
    public double BytesOf(WorkCounts counts) => counts.Rows == 0
        ? 0
        : Bytes + (BytesPerRow * counts.Rows) + (BytesPerKey * counts.Keys) + (BytesPerExpert * counts.Experts) + (BytesPerSequence * counts.Sequences);
}

/// <summary>The counts of one micro-batch on which the work of an operation depends.</summary>
/// <param name="Rows">Rows of the result.</param>
/// <param name="Sequences">Sequences that the rows belong to.</param>
/// <param name="Keys">Positions whose keys some query of the micro-batch reads, all sequences together.</param>
/// <param name="Pairs">Pairs of a query's position and the position of a key that it reads.</param>
/// <param name="Experts">Experts that are used.</param>
public readonly record struct WorkCounts(long Rows, long Sequences, long Keys = 0, long Pairs = 0, long Experts = 0);
