namespace ArchGen.Eager;

/// <summary>Selection among the elements of a row, as in routers of mixtures of experts.</summary>
internal static class SelectionReference
{
    public static readonly (Op Op, ReferenceRule Rule)[] Rules =
    [
        (Op.Softmax, Softmax), (Op.Sum, Sum), (Op.TopK, TopK), (Op.TopGroups, TopGroups), (Op.Gather, Gather),
        (Op.SparseMixer, SparseMixer), (Op.WeightedSum, WeightedSum),
        (Op.SelectOutputs, call => call.Reshape(call[Slot.X])),
    ];

    /// <summary><c>y[i] = e^(x[i] - m) / sum_j e^(x[j] - m)</c> with <c>m = max x</c>, over each row. x [.., n] -> the shape of x.</summary>
    private static Operand Softmax(ReferenceCall call)
    {
        Operand x = call[Slot.X], y = call.NewOutput();
        for (var row = 0; row < x.Rows; row++)
        {
            var values = Row(x, row);
            var largest = values.Max();
            var exponentials = Array.ConvertAll(values, value => Math.Exp((double)value - largest));
            var sum = exponentials.Sum();
            for (var i = 0; i < x.Width; i++) y.Values[(row * x.Width) + i] = (float)(exponentials[i] / sum);
        }

        return y;
    }

    /// <summary>The sum of each row. x [.., n] -> [.., 1].</summary>
    private static Operand Sum(ReferenceCall call)
    {
        Operand x = call[Slot.X], y = call.NewOutput();
        for (var row = 0; row < x.Rows; row++) y.Values[row] = (float)Row(x, row).Sum(value => (double)value);
        return y;
    }

    /// <summary>The indices of the count largest elements of each row, the largest first; of equal ones the earlier. x [.., n] -> [.., count].</summary>
    private static Operand TopK(ReferenceCall call)
    {
        Operand x = call[Slot.X], y = call.NewOutput();
        for (var row = 0; row < x.Rows; row++)
        {
            var best = Largest(Row(x, row), y.Width);
            for (var k = 0; k < y.Width; k++) y.Values[(row * y.Width) + k] = best[k];
        }

        return y;
    }

    /// <summary>
    /// Group-limited routing (DeepSeek-V3, arXiv:2412.19437, section 2.1.2): the row is divided into equal groups, a group's score is the sum of its
    /// <c>length</c> largest elements, the <c>count</c> best groups are unchanged (of equal ones the earlier) and all others become -infinity. x
    /// [T, experts] -> the shape of x.
    /// </summary>
    private static Operand TopGroups(ReferenceCall call)
    {
        Operand x = call[Slot.X], y = call.NewOutput();
        var groups = call.Integer(Attr.Groups);
        var size = x.Width / groups;
        for (var row = 0; row < x.Rows; row++)
        {
            var members = Row(x, row).Chunk(size).ToArray();
            var scores = Array.ConvertAll(members, group => (float)Largest(group, call.Integer(Attr.Length)).Sum(i => (double)group[i]));
            var kept = Largest(scores, call.Integer(Attr.Count));
            for (var i = 0; i < x.Width; i++) y.Values[(row * x.Width) + i] = kept.Contains(i / size) ? x.Values[(row * x.Width) + i] : float.NegativeInfinity;
        }

        return y;
    }

    /// <summary><c>y[t, k] = x[t, ids[t, k]]</c>. x [T, n], ids [T, k] -> [T, k].</summary>
    private static Operand Gather(ReferenceCall call)
    {
        Operand x = call[Slot.X], ids = call[Slot.Ids], y = call.NewOutput();
        for (var i = 0; i < y.Values.Length; i++) y.Values[i] = x.Values[(i / y.Width * x.Width) + (int)ids.Values[i]];
        return y;
    }

    /// <summary>
    /// SparseMixer-v2 (GRIN, arXiv:2409.12136, and its published code): with m = x[t, ids[t, k]], <c>y[t, k] = 1 / sum_i e^(x[t, i] - m)</c> over the
    /// experts i that are not among ids[t, 0..k-1] and have <c>m - x[t, i] &lt;= 2 jitter max(|x[t, i]|, m)</c>. x [T, experts], ids [T, k] -> [T, k].
    /// </summary>
    private static Operand SparseMixer(ReferenceCall call)
    {
        Operand x = call[Slot.X], ids = call[Slot.Ids], y = call.NewOutput();
        for (var t = 0; t < y.Rows; t++)
        {
            var scores = Row(x, t);
            int[] ranked = [.. Row(ids, t).Select(id => (int)id)];
            for (var k = 0; k < y.Width; k++)
            {
                double best = scores[ranked[k]];
                bool IsNear(int i) => best - scores[i] <= 2 * call.Number(Attr.Jitter) * Math.Max(Math.Abs(scores[i]), best);
                var rivals = Enumerable.Range(0, scores.Length).Where(i => !ranked[..k].Contains(i) && IsNear(i));
                y.Values[(t * y.Width) + k] = (float)(1 / rivals.Sum(i => Math.Exp(scores[i] - best)));
            }
        }

        return y;
    }

    /// <summary><c>y[t, i] = sum_k weights[t, k] x[t, k, i]</c>. x [T, k, d], weights [T, k] -> [T, d].</summary>
    private static Operand WeightedSum(ReferenceCall call)
    {
        Operand x = call[Slot.X], weights = call[Slot.Weights], y = call.NewOutput();
        var count = weights.Width;
        for (var t = 0; t < y.Rows; t++)
        {
            for (var i = 0; i < y.Width; i++)
            {
                double sum = 0;
                for (var k = 0; k < count; k++) sum += (double)weights.Values[(t * count) + k] * x.Values[(((t * count) + k) * y.Width) + i];
                y.Values[(t * y.Width) + i] = (float)sum;
            }
        }

        return y;
    }

    // LINQ's sort is stable: among equals the earlier one stays first.
    private static int[] Largest(float[] values, int count) => [.. Enumerable.Range(0, values.Length).OrderByDescending(i => values[i]).Take(count)];

    private static float[] Row(Operand x, int row) => x.Values[(row * x.Width)..((row + 1) * x.Width)];
}
