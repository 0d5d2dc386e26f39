using ArchGen.Runtime.Cache;
using ArchGen.Runtime.Planning;

namespace ArchGen.Runtime.Execution;

/// <summary>Cuts a batch into micro-batches of one phase and one set of adapters, as large as a plan takes.</summary>
/// <param name="sequences">The number of sequences.</param>
/// <param name="isBidirectional">Whether all tokens of a sequence must be in one micro-batch.</param>
internal sealed class MicroBatches(int sequences, bool isBidirectional)
{
    private readonly int[] _spanOfSequence = new int[sequences];

    /// <summary>The number of the set of adapters of each sequence.</summary>
    public int[] AdapterSets { get; } = new int[sequences];

    /// <summary>Fills a frame with the next micro-batch: as many tokens, and outputs, as the plan takes.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="tokens">The batch.</param>
    /// <param name="begin">Its first token that is not computed.</param>
    /// <param name="limits">The limits of the plan.</param>
    /// <param name="cells">The table that gives each token a cell; null if nothing is cached.</param>
    /// <returns>The first token of the next micro-batch.</returns>
    /// <exception cref="RequestException">A sequence of a bidirectional graph would be divided.</exception>
    public int Fill(Frame frame, ReadOnlySpan<BatchToken> tokens, int begin, PlanLimits limits, CellTable? cells)
    {
        var end = AddRows(frame, tokens, begin, limits, cells);
        Order(frame, tokens[begin..end]);
        if (isBidirectional) CheckUndivided(tokens[end..]);
        return end;
    }

    private unsafe int AddRows(Frame frame, ReadOnlySpan<BatchToken> tokens, int begin, PlanLimits limits, CellTable? cells)
    {
        frame.TokenCount = frame.OutputCount = frame.SpanCount = 0;
        (frame.Phase, frame.AdapterSet) = (tokens[begin].Phase, AdapterSets[tokens[begin].Sequence]);
        Array.Fill(_spanOfSequence, -1);
        var end = begin;
        for (; end < tokens.Length && frame.TokenCount < limits.Tokens; end++)
        {
            var token = tokens[end];
            if (token.Phase != frame.Phase || AdapterSets[token.Sequence] != frame.AdapterSet) break;
            if (token.WantOutput && frame.OutputCount == limits.Outputs) break;
            var row = frame.TokenCount++;
            frame.Tokens[row] = token.Token;
            frame.Positions[row] = token.Position;
            frame.Cells[row] = cells?.Append(token.Sequence, token.Position) ?? -1;
            if (token.WantOutput) frame.OutputRows[frame.OutputCount++] = row;
            ref var span = ref _spanOfSequence[token.Sequence];
            if (span < 0) frame.Spans[span = frame.SpanCount++] = new SequenceSpan(token.Sequence, 0, 0);
            frame.Spans[span] = frame.Spans[span] with { Count = frame.Spans[span].Count + 1 };
        }

        return end;
    }

    // Lists the rows sequence by sequence.
    private unsafe void Order(Frame frame, ReadOnlySpan<BatchToken> tokens)
    {
        for (int i = 0, start = 0; i < frame.SpanCount; i++)
        {
            var count = frame.Spans[i].Count;
            frame.Spans[i] = frame.Spans[i] with { Start = start, Count = 0 };
            start += count;
        }

        for (var row = 0; row < frame.TokenCount; row++)
        {
            ref var span = ref frame.Spans[_spanOfSequence[tokens[row].Sequence]];
            frame.Order[span.Start + span.Count] = row;
            frame.OrderedPositions[span.Start + span.Count] = frame.Positions[row];
            span = span with { Count = span.Count + 1 };
        }
    }

    private void CheckUndivided(ReadOnlySpan<BatchToken> rest)
    {
        foreach (var token in rest)
        {
            if (_spanOfSequence[token.Sequence] < 0) continue;
            throw new RequestException($"The tokens of sequence {token.Sequence} see each other and must be computed together, but between them are tokens of "
                + "another phase or set of adapters. Add the tokens of a sequence one after the other, with one phase.");
        }
    }
}
