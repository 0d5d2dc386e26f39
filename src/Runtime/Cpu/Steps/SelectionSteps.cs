using ArchGen.Graphs;
using ArchGen.Runtime.Elementwise;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Planning;

namespace ArchGen.Cpu.Steps;

/// <summary>Softmax over each head. The result may overwrite the operand.</summary>
internal sealed unsafe class SoftmaxStep(Node node, RowCount rows, TensorView x, TensorView y) : RowStep(node, rows, 4 * y.ElementsPerRow)
{
    protected override void Compute(Frame frame, int begin, int end)
    {
        for (var row = begin; row < end; row++)
        {
            for (var head = 0; head < y.Heads; head++)
            {
                float* source = x.Row(row, head), target = y.Row(row, head);
                var sum = Reductions.ExpSum(source, target, y.Width, Reductions.Max(source, y.Width));
                Elementwise.Map(new Scale(1 / sum), target, target, y.Width);
            }
        }
    }
}

/// <summary>The sum of each head.</summary>
internal sealed unsafe class SumStep(Node node, RowCount rows, TensorView x, TensorView y) : RowStep(node, rows, x.ElementsPerRow)
{
    protected override void Compute(Frame frame, int begin, int end)
    {
        for (var row = begin; row < end; row++)
        {
            for (var head = 0; head < y.Heads; head++) *y.Row(row, head) = Reductions.Sum(x.Row(row, head), x.Width);
        }
    }
}

/// <summary>The indices of the largest elements of each row, descending, ties to the lower index.</summary>
internal sealed unsafe class TopKStep(Node node, RowCount rows, TensorView x, TensorView y) : RowStep(node, rows, 4 * x.ElementsPerRow)
{
    protected override void Compute(Frame frame, int begin, int end)
    {
        for (var row = begin; row < end; row++) Select(x.Row(row), x.Width, (int*)y.Row(row), y.Width);
    }

    /// <summary>Writes the indices of the <paramref name="k"/> largest of <paramref name="count"/> elements.</summary>
    public static void Select(float* x, int count, int* top, int k)
    {
        var found = 0;
        for (var i = 0; i < count; i++)
        {
            if (found == k && !(x[i] > x[top[k - 1]])) continue;
            var place = found < k ? found++ : k - 1;
            for (; place > 0 && x[i] > x[top[place - 1]]; place--) top[place] = top[place - 1];
            top[place] = i;
        }
    }
}

/// <summary>Keeps the elements of the best groups of each row, and sets the others to minus infinity (DeepSeek-V3, arXiv:2412.19437).</summary>
/// <remarks>A group's score is the sum of its <paramref name="length"/> largest elements; ties go to the lower group.</remarks>
internal sealed unsafe class TopGroupsStep(Node node, RowCount rows, TensorView x, TensorView y, int groups, int count, int length)
    : RowStep(node, rows, 4 * x.ElementsPerRow)
{
    protected override void Compute(Frame frame, int begin, int end)
    {
        var size = x.Width / groups;
        var scores = stackalloc float[groups];
        var kept = stackalloc int[count];
        var best = stackalloc int[length];
        for (var row = begin; row < end; row++)
        {
            float* source = x.Row(row), target = y.Row(row);
            for (var group = 0; group < groups; group++)
            {
                var elements = source + (group * size);
                TopKStep.Select(elements, size, best, length);
                scores[group] = 0;
                for (var i = 0; i < length; i++) scores[group] += elements[best[i]];
            }

            TopKStep.Select(scores, groups, kept, count);
            for (var group = 0; group < groups; group++)
            {
                var elements = new Span<float>(target + (group * size), size);
                if (new ReadOnlySpan<int>(kept, count).Contains(group)) new ReadOnlySpan<float>(source + (group * size), size).CopyTo(elements);
                else elements.Fill(float.NegativeInfinity);
            }
        }
    }
}

/// <summary>y[t, i] = x[t, ids[t, i]].</summary>
internal sealed unsafe class GatherStep(Node node, RowCount rows, TensorView x, TensorView ids, TensorView y) : RowStep(node, rows, y.ElementsPerRow)
{
    protected override void Compute(Frame frame, int begin, int end)
    {
        for (var row = begin; row < end; row++)
        {
            for (var i = 0; i < y.Width; i++) y.Row(row)[i] = x.Row(row)[((int*)ids.Row(row))[i]];
        }
    }
}

/// <summary>
/// The weights of chosen experts, best first: each one's softmax share among those after it with similar scores (GRIN, arXiv:2409.12136).
/// </summary>
internal sealed unsafe class SparseMixerStep(Node node, RowCount rows, TensorView x, TensorView ids, TensorView y, float jitter)
    : RowStep(node, rows, 16 * x.ElementsPerRow)
{
    protected override void Compute(Frame frame, int begin, int end)
    {
        for (var row = begin; row < end; row++)
        {
            var scores = new ReadOnlySpan<float>(x.Row(row), x.Width);
            var ranked = new ReadOnlySpan<int>(ids.Row(row), y.Width);
            for (var k = 0; k < y.Width; k++) y.Row(row)[k] = Share(scores, ranked[..k], scores[ranked[k]]);
        }
    }

    private float Share(ReadOnlySpan<float> scores, ReadOnlySpan<int> before, float best)
    {
        var sum = 0f;
        for (var i = 0; i < scores.Length; i++)
        {
            var isNear = best - scores[i] <= 2 * jitter * MathF.Max(MathF.Abs(scores[i]), best);
            if (isNear && !before.Contains(i)) sum += MathF.Exp(scores[i] - best);
        }

        return 1 / sum;
    }
}

/// <summary>y[t] = sum over i of x[t, i] * weights[t, i].</summary>
internal sealed unsafe class WeightedSumStep(Node node, RowCount rows, TensorView x, TensorView weights, TensorView y)
    : RowStep(node, rows, x.ElementsPerRow)
{
    protected override void Compute(Frame frame, int begin, int end)
    {
        for (var row = begin; row < end; row++)
        {
            Elementwise.Map(new Scale(*weights.Row(row)), x.Row(row), y.Row(row), y.Width);
            for (var i = 1; i < x.Heads; i++) Reductions.AddScaled(y.Row(row), weights.Row(row)[i * weights.WidthStride], x.Row(row, i), y.Width);
        }
    }
}
