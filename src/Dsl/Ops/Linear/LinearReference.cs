namespace ArchGen.Eager;

/// <summary>Products with weights, <c>y = W x</c>, the weight stored as [out, in].</summary>
internal static class LinearReference
{
    public static readonly (Op Op, ReferenceRule Rule)[] Rules =
    [
        (Op.GetRows, GetRows), (Op.Linear, Linear), (Op.HeadLinear, HeadLinear), (Op.ExpertLinear, ExpertLinear),
    ];

    /// <summary><c>y[t] = table[ids[t]]</c>. table [rows, width], ids [T] -> [T, width].</summary>
    private static Operand GetRows(ReferenceCall call)
    {
        Operand table = call[Slot.Table], ids = call[Slot.Ids], y = call.NewOutput();
        for (var t = 0; t < ids.Values.Length; t++)
        {
            var id = (int)ids.Values[t];
            if (id < 0 || id >= table.Rows)
            {
                throw new RequestException($"Id {id} at place {t}: the table has rows 0 to {table.Rows - 1}. Give ids of this model's vocabulary.");
            }

            Array.Copy(table.Values, id * table.Width, y.Values, t * table.Width, table.Width);
        }

        return y;
    }

    /// <summary><c>y[r, o] = scale * sum_i x[r, i] W[o, i] + bias[o]</c>. x [.., in], W [out, in], bias [out], scale [1] -> [.., out].</summary>
    private static Operand Linear(ReferenceCall call)
    {
        Operand x = call[Slot.X], weight = call[Slot.Weight], y = call.NewOutput();
        Operand? bias = call.Optional(Slot.Bias), scale = call.Optional(Slot.Scale);
        for (var row = 0; row < x.Rows; row++)
        {
            for (var o = 0; o < weight.Rows; o++)
            {
                y.Values[(row * y.Width) + o] = (float)((Dot(x, row, weight, o) * (scale?.Values[0] ?? 1)) + (bias?.Values[o] ?? 0));
            }
        }

        return y;
    }

    /// <summary>
    /// A weight for each head: <c>y[t, h, o] = sum_i x[t, h, i] W[h, o, i]</c>. x [T, heads, in], W [heads, out, in] -> [T, heads, out].
    /// Multi-head latent attention projects queries into the latent space, and values out of it, in this way (DeepSeek-V2, arXiv:2405.04434).
    /// </summary>
    private static Operand HeadLinear(ReferenceCall call)
    {
        Operand x = call[Slot.X], weight = call[Slot.Weight], y = call.NewOutput();
        int heads = weight.Dims[0], outputs = weight.Dims[1];
        for (var row = 0; row < x.Rows; row++)
        {
            var head = row % heads;
            for (var o = 0; o < outputs; o++) y.Values[(row * outputs) + o] = (float)Dot(x, row, weight, (head * outputs) + o);
        }

        return y;
    }

    /// <summary>
    /// The product with the experts of each token (sparsely gated mixture of experts, arXiv:1701.06538): with <c>e = experts[t, k]</c>,
    /// <c>y[t, k, o] = scale[e] * sum_i x[t, i] W[e, o, i] + bias[e, o]</c>, where x is [T, in], shared by a token's experts, or [T, used, in],
    /// <c>x[t, k, i]</c>. W [experts, out, in], experts [T, used], bias [experts, out], scale [experts] -> [T, used, out].
    /// </summary>
    private static Operand ExpertLinear(ReferenceCall call)
    {
        Operand x = call[Slot.X], weight = call[Slot.Weight], experts = call[Slot.Experts], y = call.NewOutput();
        Operand? bias = call.Optional(Slot.Bias), scale = call.Optional(Slot.Scale);
        int outputs = weight.Dims[1], used = experts.Dims[1];
        for (var place = 0; place < experts.Values.Length; place++)
        {
            var expert = (int)experts.Values[place];
            var row = x.Dims.Length == 3 ? place : place / used;
            for (var o = 0; o < outputs; o++)
            {
                var sum = Dot(x, row, weight, (expert * outputs) + o);
                y.Values[(place * outputs) + o] = (float)((sum * (scale?.Values[expert] ?? 1)) + (bias?.Values[(expert * outputs) + o] ?? 0));
            }
        }

        return y;
    }

    private static double Dot(Operand x, int row, Operand weight, int weightRow)
    {
        double sum = 0;
        for (var i = 0; i < x.Width; i++) sum += (double)x.Values[(row * x.Width) + i] * weight.Values[(weightRow * x.Width) + i];
        return sum;
    }
}
