using System.Numerics;
using ArchGen.Graphs;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Planning;

namespace ArchGen.Cpu.Steps;

/// <summary>Cosines and sines of the micro-batch's positions, for all rope nodes of the same numbers.</summary>
/// <param name="node">The first of these nodes.</param>
/// <param name="frequencies">Their numbers.</param>
/// <param name="table">Scratch for [tokens, 2, pairs]: cosines, then sines.</param>
internal sealed unsafe class RopeTableStep(Node node, RopeFrequencies frequencies, float* table)
    : RowStep(node, new RowCount(RowDomain.Tokens, 0), 64L * frequencies.Pairs)
{
    private readonly RopeAngles _angles = new(frequencies);

    protected override void Compute(Frame frame, int begin, int end) => _angles.Write(frame.Positions, begin, end, table);
}

/// <summary>Rotates the first elements of each head, and copies the others. The result may overwrite the operand.</summary>
internal sealed unsafe class RopeStep(Node node, TensorView x, TensorView y, RopeKind kind, int pairs, float* table)
    : RowStep(node, new RowCount(RowDomain.Tokens, 0), 2 * y.ElementsPerRow)
{
    protected override void Compute(Frame frame, int begin, int end)
    {
        for (var row = begin; row < end; row++)
        {
            float* cosines = table + (2L * row * pairs), sines = cosines + pairs;
            for (var head = 0; head < y.Heads; head++)
            {
                float* source = x.Row(row, head), target = y.Row(row, head);
                if (kind == RopeKind.HalfSplit) RotateHalves(source, target, cosines, sines);
                else RotateNeighbours(source, target, cosines, sines);
                var rest = y.Width - (2 * pairs);
                if (source != target) new ReadOnlySpan<float>(source + (2 * pairs), rest).CopyTo(new Span<float>(target + (2 * pairs), rest));
            }
        }
    }

    private void RotateHalves(float* source, float* target, float* cosines, float* sines)
    {
        var i = 0;
        for (; i <= pairs - Vector<float>.Count; i += Vector<float>.Count)
        {
            Vector<float> a = Vector.Load(source + i), b = Vector.Load(source + pairs + i);
            Vector<float> cosine = Vector.Load(cosines + i), sine = Vector.Load(sines + i);
            ((a * cosine) - (b * sine)).Store(target + i);
            ((a * sine) + (b * cosine)).Store(target + pairs + i);
        }

        for (; i < pairs; i++)
        {
            float a = source[i], b = source[pairs + i];
            target[i] = (a * cosines[i]) - (b * sines[i]);
            target[pairs + i] = (a * sines[i]) + (b * cosines[i]);
        }
    }

    private void RotateNeighbours(float* source, float* target, float* cosines, float* sines)
    {
        for (var i = 0; i < pairs; i++)
        {
            float a = source[2 * i], b = source[(2 * i) + 1];
            target[2 * i] = (a * cosines[i]) - (b * sines[i]);
            target[(2 * i) + 1] = (a * sines[i]) + (b * cosines[i]);
        }
    }
}
