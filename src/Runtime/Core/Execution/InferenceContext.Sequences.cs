using ArchGen.Runtime.Cache;

namespace ArchGen.Runtime.Execution;

/// <content>What is done with whole sequences.</content>
public sealed partial class InferenceContext
{
    private SequenceTable Sequences
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _sequences;
        }
    }

    /// <summary>Removes a sequence: all its tokens and its state.</summary>
    public void RemoveSequence(int sequence) => Sequences.Remove(sequence);

    /// <summary>Removes a sequence's tokens from a position on.</summary>
    /// <exception cref="RequestException">The model is recurrent: the state of an earlier position is not kept.</exception>
    public void TruncateSequence(int sequence, int position) => Sequences.Truncate(sequence, position);

    /// <summary>Replaces a sequence by a copy of another, with its set of adapters. Cells of the KV cache are shared.</summary>
    public void CopySequence(int from, int to)
    {
        Sequences.Copy(from, to);
        _microBatches.AdapterSets[to] = _microBatches.AdapterSets[from];
    }

    /// <summary>
    /// Chooses the adapters of a sequence that has no tokens; it keeps them until others are chosen. A batch may have sequences of several sets: their tokens
    /// are computed in separate micro-batches, so that tokens of a set should be adjacent. Results have the bits that a context with this set alone gives.
    /// </summary>
    /// <param name="sequence">The sequence.</param>
    /// <param name="set">Its number: 0 for <see cref="ContextOptions.Adapters"/>, 1 for the first of <see cref="ContextOptions.AdapterSets"/>.</param>
    /// <exception cref="RequestException">There is no such sequence or set, or the sequence has tokens.</exception>
    public void SetAdapters(int sequence, int set)
    {
        var sequences = Sequences;
        if ((uint)set >= (uint)_plans.Count)
            throw new RequestException($"There is no set of adapters {set}; expected 0 to {_plans.Count - 1}. Give the context more AdapterSets.");
        if (sequences.LastPosition(sequence) >= 0 && _microBatches.AdapterSets[sequence] != set)
        {
            throw new RequestException($"Sequence {sequence} has tokens, which were computed with the set of adapters {_microBatches.AdapterSets[sequence]}. "
                + "Remove the sequence before choosing another set.");
        }

        _microBatches.AdapterSets[sequence] = set;
    }

    /// <summary>The position after a sequence's last token.</summary>
    public int NextPosition(int sequence) => Sequences.LastPosition(sequence) + 1;
}
