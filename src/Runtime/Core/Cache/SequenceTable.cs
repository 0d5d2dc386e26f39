using ArchGen.Graphs;
using ArchGen.Runtime.Backends;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Planning;

namespace ArchGen.Runtime.Cache;

/// <summary>The sequences of a context: the position of each one's last token, its cells of the KV cache, and its state.</summary>
internal sealed class SequenceTable
{
    private readonly Graph _graph;
    private readonly CellTable _cells;
    private readonly PlacedBackends _backends;
    private readonly ContextOptions _options;
    private readonly bool _isBidirectional;
    private readonly bool _hasKeys;
    private readonly bool _hasStates;
    private readonly int[] _lastPositions;
    private readonly int[] _positionsOfBatch;

    /// <summary>Creates the table; no sequence has tokens.</summary>
    /// <param name="graph">The graph that the context runs.</param>
    /// <param name="cells">The cells of the KV cache.</param>
    /// <param name="backends">The backends, which hold keys, values and states.</param>
    /// <param name="options">The sizes of the context.</param>
    /// <param name="hasKeys">Whether the graph has a KV cache.</param>
    /// <param name="hasStates">Whether the graph has recurrent states.</param>
    public SequenceTable(Graph graph, CellTable cells, PlacedBackends backends, ContextOptions options, bool hasKeys, bool hasStates)
    {
        (_graph, _cells, _backends, _options) = (graph, cells, backends, options);
        (_isBidirectional, _hasKeys, _hasStates) = (graph.IsBidirectional, hasKeys, hasStates);
        _lastPositions = new int[options.MaxSequences];
        _positionsOfBatch = new int[options.MaxSequences];
        Array.Fill(_lastPositions, -1);
    }

    /// <summary>The position of a sequence's last token; -1 if it has none.</summary>
    public int LastPosition(int sequence)
    {
        Check(sequence);
        return _lastPositions[sequence];
    }

    /// <summary>Adds the tokens of a batch to the ends of their sequences. A bidirectional graph keeps no tokens after the batch.</summary>
    /// <exception cref="RequestException">A token, position or sequence is out of range. Nothing has been added.</exception>
    /// <exception cref="ContextFullException">The tokens do not fit into the context or the model's positions. Nothing has been added.</exception>
    public void Add(Batch batch, PlanLimits limits)
    {
        if (batch.Count > _options.ContextLength || (_hasKeys && batch.Count > _cells.Free))
        {
            var free = _hasKeys ? _cells.Free : _options.ContextLength;
            throw new ContextFullException($"The context is full: {batch.Count} tokens to evaluate, and {free} of {_options.ContextLength} places free. "
                + "Shorten the prompt, remove sequences, or choose a larger context.");
        }

        var last = _positionsOfBatch;
        if (_isBidirectional) Array.Fill(last, -1);
        else _lastPositions.CopyTo(last, 0);
        foreach (var token in batch.Tokens)
        {
            if ((uint)token.Token >= (uint)limits.TokenIds)
                throw new RequestException($"Token id {token.Token} is not in the vocabulary; expected 0 to {limits.TokenIds - 1}.");
            Check(token.Sequence);
            if (token.Position <= last[token.Sequence])
            {
                throw new RequestException($"Position {token.Position} of sequence {token.Sequence} comes after position {last[token.Sequence]}; "
                    + "expected a later one. Truncate the sequence first to replace its tokens.");
            }

            if (token.Position >= limits.Positions)
                throw new ContextFullException($"Position {token.Position} is beyond the {limits.Positions} that the model has learned. Shorten the prompt.");
            last[token.Sequence] = token.Position;
        }

        if (!_isBidirectional) last.CopyTo(_lastPositions, 0);
    }

    /// <summary>Removes the tokens of a batch that was not computed to its end. Sequences of a recurrent model are removed.</summary>
    public void Withdraw(Batch batch)
    {
        if (_isBidirectional) return;
        Array.Fill(_positionsOfBatch, -1);
        foreach (var token in batch.Tokens)
        {
            // The sequence ends again before its first token of the batch.
            if (_positionsOfBatch[token.Sequence] >= 0) continue;
            _positionsOfBatch[token.Sequence] = 0;
            if (_hasStates) Remove(token.Sequence);
            else Truncate(token.Sequence, token.Position);
        }
    }

    /// <summary>Removes a sequence.</summary>
    public void Remove(int sequence)
    {
        Check(sequence);
        _cells.Truncate(sequence, 0);
        _backends.ClearStates(sequence);
        _lastPositions[sequence] = -1;
    }

    /// <summary>Removes a sequence's tokens from a position on.</summary>
    /// <exception cref="RequestException">The model is recurrent: the state of an earlier position is not kept.</exception>
    public void Truncate(int sequence, int position)
    {
        Check(sequence);
        if (position > _lastPositions[sequence]) return;
        if (_hasStates && position > 0)
        {
            throw new RequestException($"{_graph.Name} is recurrent and cannot go back to position {position} of sequence {sequence}. "
                + "Remove the sequence and evaluate it again.");
        }

        _cells.Truncate(sequence, position);
        _backends.ClearStates(sequence);
        _lastPositions[sequence] = _hasKeys ? _cells.LastPosition(sequence) : position - 1;
    }

    /// <summary>Replaces a sequence by a copy of another. Cells of the KV cache are shared.</summary>
    public void Copy(int from, int to)
    {
        Check(from);
        Check(to);
        if (from == to) return;
        _cells.Copy(from, to);
        _backends.CopyStates(from, to);
        _lastPositions[to] = _lastPositions[from];
    }

    /// <summary>Gives a sequence kept cells, see <see cref="CellTable.Share"/>. A sequence without states may go on after them.</summary>
    public void Share(int sequence, int first, ReadOnlySpan<int> kept)
    {
        _cells.Share(sequence, first, kept);
        _lastPositions[sequence] = Math.Max(_lastPositions[sequence], first + kept.Length - 1);
    }

    /// <summary>Gives an empty sequence free cells for its first tokens.</summary>
    public void Fill(int sequence, int tokens)
    {
        for (var i = 0; i < tokens && _hasKeys; i++) _cells.Append(sequence, i);
        _lastPositions[sequence] = tokens - 1;
    }

    /// <summary>Begins a sequence with states that were saved after a number of tokens.</summary>
    public void Resume(int sequence, int tokens, int checkpoint)
    {
        _backends.CopyStates(_options.MaxSequences + checkpoint, sequence);
        _lastPositions[sequence] = tokens - 1;
    }

    /// <summary>Saves the states of a sequence.</summary>
    public void SaveStates(int sequence, int checkpoint) => _backends.CopyStates(sequence, _options.MaxSequences + checkpoint);

    private void Check(int sequence)
    {
        if ((uint)sequence >= (uint)_options.MaxSequences)
            throw new RequestException($"There is no sequence {sequence}; expected 0 to {_options.MaxSequences - 1}. Raise MaxSequences for more.");
    }
}
