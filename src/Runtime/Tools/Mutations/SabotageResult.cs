namespace ArchGen.Tools.Mutations;

/// <summary>What became of a mutation.</summary>
/// <param name="Mutation">The mutation.</param>
/// <param name="Error">How far its results are from the expected ones (NMSE) in the first check that is red; null if it cannot be run.</param>
/// <param name="CaughtBy">The first check that is red.</param>
/// <param name="Unread">Tensors of the file that nothing reads any more: the loader refuses a file with tensors that the architecture does not declare.</param>
public sealed record SabotageResult(Mutation Mutation, double? Error, SabotageCatch CaughtBy, IReadOnlyList<string> Unread)
{
    /// <summary>Whether no check sees it.</summary>
    public bool IsBlind => CaughtBy == SabotageCatch.Nothing;
}

/// <summary>What sees a mistake.</summary>
public enum SabotageCatch
{
    /// <summary>Nothing: the check is blind there.</summary>
    Nothing,

    /// <summary>The shapes or numbers do not fit: the graph is not built.</summary>
    GraphVerifier,

    /// <summary>The results of a prompt in one batch are wrong.</summary>
    OneBatch,

    /// <summary>The results of a prompt in two batches are wrong.</summary>
    TwoBatches,

    /// <summary>The results token by token are wrong.</summary>
    TokenByToken,

    /// <summary>There is nothing to see: in this model the mutation changes nothing, whatever the numbers (<see cref="Mutation.WhyWithoutEffect"/>).</summary>
    WithoutEffect,

    /// <summary>The numbers are right, but a tensor of the file is left over.</summary>
    LoadCheck,
}
