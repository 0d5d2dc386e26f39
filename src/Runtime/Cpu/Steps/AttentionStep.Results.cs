using System.Runtime.CompilerServices;
using ArchGen.Runtime.Elementwise;
using ArchGen.Runtime.Execution;

namespace ArchGen.Cpu.Steps;

/// <content>The results of a tile, merged from the partial results if the keys are split between threads.</content>
internal sealed unsafe partial class AttentionStep
{
    private void Finish(Frame frame, Tile tile, int i, float max, float total, float* sum)
    {
        var head = HeadOf(tile, i);
        var factor = 1f;
        if (scores.Sinks != null)
        {
            var sink = scores.Sinks[head];
            var larger = MathF.Max(max, sink);
            factor = MathF.Exp(max - larger);
            total = (total * factor) + MathF.Exp(sink - larger);
        }

        var row = frame.Order[tile.Span.Start + tile.Token + (i / tile.Heads)];
        Elementwise.Map(new Scale(total > 0 ? factor / total : 0), sum, y.Row(row) + ((long)head * _valueWidth), _valueWidth);
    }

    private float* Partial(int index, int query) => partials + ((((long)index * _tile) + query) * (Padded(_valueWidth) + 2));

    private void SavePartial(int index, int i, QueryState state, float* sum, int valueWidth)
    {
        var partial = Partial(index, i);
        (partial[0], partial[1]) = (state.Running.Max, state.Running.Sum);
        new ReadOnlySpan<float>(sum, valueWidth).CopyTo(new Span<float>(partial + 2, valueWidth));
    }

    // Merges the results of the segments of a tile into that of the segments before, in their order.
    private void Merge(Frame frame, int index, Part part)
    {
        var tile = Locate(frame, index);
        for (var i = 0; i < tile.Tokens * tile.Heads; i++)
        {
            var total = Partial(index, i);
            if (part.First == 0) new Span<float>(total, _valueWidth + 2).Clear();
            for (var s = 0; s < part.Count; s++)
            {
                var partial = Partial(part.Tiles + (index * part.Count) + s, i);
                Merge(ref total[0], ref total[1], total + 2, partial[0], partial[1], partial + 2);
            }

            if (part.First + part.Count == part.Segments) Finish(frame, tile, i, total[0], total[1], total + 2);
        }
    }

    // Merges the result of a segment; a sum of 0 is that of no keys.
    private void Merge(ref float max, ref float total, float* sum, float segmentMax, float segmentTotal, float* segmentSum)
    {
        if (total == 0)
        {
            (max, total) = (segmentMax, segmentTotal);
            new ReadOnlySpan<float>(segmentSum, _valueWidth).CopyTo(new Span<float>(sum, _valueWidth));
            return;
        }

        if (segmentTotal == 0) return;
        var larger = MathF.Max(max, segmentMax);
        float factor = MathF.Exp(max - larger), segmentFactor = MathF.Exp(segmentMax - larger);
        total = (total * factor) + (segmentTotal * segmentFactor);
        Elementwise.Map(new Scale(factor), sum, sum, _valueWidth);
        Reductions.AddScaled(sum, segmentFactor, segmentSum, _valueWidth);
        max = larger;
    }
}
