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
        (partial[0], partial[1]) = (state.Max, state.Sum);
        new ReadOnlySpan<float>(sum, valueWidth).CopyTo(new Span<float>(partial + 2, valueWidth));
    }

    [SkipLocalsInit]
    private void Merge(Frame frame, int index, int splits)
    {
        var tile = Locate(frame, index);
        var sum = stackalloc float[_valueWidth];
        for (var i = 0; i < tile.Tokens * tile.Heads; i++)
        {
            new Span<float>(sum, _valueWidth).Clear();
            var max = float.NegativeInfinity;
            for (var s = 0; s < splits; s++) max = MathF.Max(max, Partial((index * splits) + s, i)[0]);
            var total = 0f;
            for (var s = 0; s < splits; s++)
            {
                var partial = Partial((index * splits) + s, i);
                if (partial[1] == 0) continue;
                var factor = MathF.Exp(partial[0] - max);
                total += factor * partial[1];
                Reductions.AddScaled(sum, factor, partial + 2, _valueWidth);
            }

            Finish(frame, tile, i, max, total, sum);
        }
    }
}
