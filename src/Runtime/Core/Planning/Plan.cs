namespace ArchGen.Runtime.Planning;

/// <summary>
/// A graph as steps with their memory, for micro-batches up to a size. It is data; backends compile it.
/// </summary>
internal sealed record Plan
{
    /// <summary>The steps that depend only on weights: run once.</summary>
    public required IReadOnlyList<PlanPart> Constants { get; init; }

    /// <summary>The steps that run when the encoder's rows are set.</summary>
    public required IReadOnlyList<PlanPart> Encoder { get; init; }

    /// <summary>The steps that run for each micro-batch.</summary>
    public required IReadOnlyList<PlanPart> Tokens { get; init; }

    /// <summary>All memory that steps use, but for caches and states.</summary>
    public required IReadOnlyList<PlanBuffer> Buffers { get; init; }

    /// <summary>For each backend, the bytes of the memory that values share.</summary>
    public required IReadOnlyList<long> ArenaBytes { get; init; }

    /// <summary>The buffer of the encoder's rows, or null.</summary>
    public required PlanValue? Encoded { get; init; }

    /// <summary>The buffer of the rows of another graph that each token comes with, or null.</summary>
    public required PlanValue? TokenRows { get; init; }

    /// <summary>The result, a row per output.</summary>
    public required PlanValue Output { get; init; }

    /// <summary>The largest micro-batch, and the conditions on a batch.</summary>
    public required PlanLimits Limits { get; init; }

    /// <summary>Whether attention keeps keys and values.</summary>
    public bool HasKeys => Steps.Any(step => step is AttentionOperation { Cache: not null });

    /// <summary>Whether there are recurrent layers, whose state cannot go back.</summary>
    public bool HasStates => Steps.Any(step => step is Operation { State: not null });

    /// <summary>All steps, in the order in which they are run.</summary>
    public IEnumerable<PlanStep> Steps => Constants.Concat(Encoder).Concat(Tokens).SelectMany(part => part.Steps);
}

/// <summary>Steps that follow each other on one backend.</summary>
/// <param name="Backend">The index of the backend; -1 if the plan's runner runs them.</param>
/// <param name="Steps">The steps, in order.</param>
internal sealed record PlanPart(int Backend, IReadOnlyList<PlanStep> Steps);

/// <summary>The largest micro-batch of a plan, and the conditions on a batch.</summary>
/// <param name="Tokens">Tokens of a micro-batch.</param>
/// <param name="Outputs">Outputs of a micro-batch.</param>
/// <param name="EncoderTokens">Rows of the encoder.</param>
internal sealed record PlanLimits(int Tokens, int Outputs, int EncoderTokens)
{
    /// <summary>Token ids are below this.</summary>
    public int TokenIds { get; set; } = int.MaxValue;

    /// <summary>Positions are below this: the rows of a table of learned positions.</summary>
    public int Positions { get; set; } = int.MaxValue;

    /// <summary>Whether there is an encoder whose rows must be set first.</summary>
    public bool NeedsEncoder { get; set; }

    /// <summary>The largest number of rows.</summary>
    public int Capacity(RowCount rows) => rows.Domain switch
    {
        RowDomain.Tokens => Tokens,
        RowDomain.Outputs => Outputs,
        RowDomain.Encoder => EncoderTokens,
        _ => rows.Constant,
    };
}
