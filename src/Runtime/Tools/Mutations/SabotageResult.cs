namespace ArchGen.Tools.Mutations;

/// <summary>The result of a mutation: killed, survived, or without effect.</summary>
/// <param name="Mutation">The mutation.</param>
/// <param name="Error">The error (NMSE) of the first check that fails, or the largest error if none does; null if the mutant cannot run.</param>
/// <param name="CaughtBy">The first check that fails.</param>
/// <param name="Unread">Tensors of the file that nothing reads any more: the loader refuses a file with tensors that the architecture does not declare.</param>
public sealed record SabotageResult(Mutation Mutation, double? Error, SabotageCatch CaughtBy, IReadOnlyList<string> Unread)
{
    /// <summary>Whether the mutant survives.</summary>
    public bool IsBlind => CaughtBy == SabotageCatch.Nothing;
}

/// <summary>The check that kills a mutant.</summary>
public enum SabotageCatch
{
    /// <summary>No check: the mutant survives.</summary>
    Nothing,

    /// <summary>The shapes or numbers do not fit: the graph is not built.</summary>
    GraphVerifier,

    /// <summary>The results of a prompt in one batch are wrong.</summary>
    OneBatch,

    /// <summary>The results of a prompt in two batches are wrong.</summary>
    TwoBatches,

    /// <summary>The results token by token are wrong.</summary>
    TokenByToken,

    /// <summary>No check is needed: in this model the mutation changes nothing, whatever the numbers (<see cref="Mutation.WhyWithoutEffect"/>).</summary>
    WithoutEffect,

    /// <summary>The numbers are right, but a tensor of the file is left over.</summary>
    LoadCheck,
}
