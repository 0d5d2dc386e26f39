namespace ArchGen.Eager;

/// <summary>Operations with a state, from the beginning of a sequence: the state starts at zero, so its operand is not read.</summary>
internal static class RecurrentReference
{
    public static readonly (Op Op, ReferenceRule Rule)[] Rules =
        [(Op.CausalConv, CausalConv), (Op.SelectiveScan, SelectiveScan), (Op.GatedDeltaRule, GatedDeltaRule)];

    /// <summary>
    /// A filter of each channel over the last K tokens: <c>y[t, c] = sum_j weight[c, j] x[t - K + 1 + j, c] + bias[c]</c>, x being zero before the
    /// first token (Mamba, arXiv:2312.00752, section 3.4). x [T, channels], weight [channels, K], bias [channels] -> the shape of x.
    /// </summary>
    private static Operand CausalConv(ReferenceCall call)
    {
        Operand x = call[Slot.X], weight = call[Slot.Weight], y = call.NewOutput();
        var bias = call.Optional(Slot.Bias);
        int channels = x.Width, kernel = weight.Width;
        for (var t = 0; t < x.Rows; t++)
        {
            for (var c = 0; c < channels; c++)
            {
                double sum = bias?.Values[c] ?? 0;
                for (var j = 0; j < kernel; j++)
                {
                    var from = t - kernel + 1 + j;
                    if (from >= 0) sum += (double)weight.Values[(c * kernel) + j] * x.Values[(from * channels) + c];
                }

                y.Values[(t * channels) + c] = (float)sum;
            }
        }

        return y;
    }

    /// <summary>
    /// The state space model of Mamba-2 (arXiv:2405.21060), a state h [d, n] for each head, token by token:
    /// <c>h = h * e^(dt[t, head] a[head]) + dt[t, head] * x[t, head, :] b[t, group, :]^T</c>, then <c>y[t, head, :] = h c[t, group, :]</c>.
    /// Neighbouring heads share a group: <c>group = head / (heads / groups)</c>. dt is already positive (softplus), a is negative.
    /// x [T, heads, d], dt [T, heads], a [heads, 1], b and c [T, groups, n] -> the shape of x.
    /// </summary>
    private static Operand SelectiveScan(ReferenceCall call)
    {
        Operand x = call[Slot.X], dt = call[Slot.TimeStep], a = call[Slot.A], b = call[Slot.B], c = call[Slot.C], y = call.NewOutput();
        int tokens = x.Dims[0], heads = x.Dims[1], width = x.Dims[2], groups = b.Dims[1], states = b.Dims[2];
        var h = new double[heads, width, states];
        for (var t = 0; t < tokens; t++)
        {
            for (var head = 0; head < heads; head++)
            {
                double step = dt.Values[(t * heads) + head], decay = Math.Exp(step * a.Values[head]);
                var group = ((t * groups) + (head / (heads / groups))) * states;
                for (var d = 0; d < width; d++)
                {
                    var place = (((t * heads) + head) * width) + d;
                    double sum = 0;
                    for (var n = 0; n < states; n++)
                    {
                        h[head, d, n] = (h[head, d, n] * decay) + (step * x.Values[place] * b.Values[group + n]);
                        sum += h[head, d, n] * c.Values[group + n];
                    }

                    y.Values[place] = (float)sum;
                }
            }
        }

        return y;
    }

    /// <summary>
    /// The gated delta rule (arXiv:2412.06464, equation 10), a state S [d, n] for each head, token by token:
    /// <c>S = e^decay[t, head] S</c>, then <c>S = S + beta[t, head] (v[t, head, :] - S k[t, group, :]) k[t, group, :]^T</c>, then
    /// <c>y[t, head, :] = S q[t, group, :]</c>. Neighbouring heads share a group, as in <see cref="SelectiveScan"/>.
    /// q and k [T, groups, n], v [T, heads, d], decay and beta [T, heads] -> the shape of v.
    /// </summary>
    private static Operand GatedDeltaRule(ReferenceCall call)
    {
        Operand q = call[Slot.Query], k = call[Slot.Key], v = call[Slot.Value], decay = call[Slot.Decay], beta = call[Slot.Beta], y = call.NewOutput();
        int tokens = v.Dims[0], heads = v.Dims[1], width = v.Dims[2], groups = q.Dims[1], keys = q.Dims[2];
        var memory = new double[heads, width, keys];
        for (var t = 0; t < tokens; t++)
        {
            for (var head = 0; head < heads; head++)
            {
                var kept = Math.Exp(decay.Values[(t * heads) + head]);
                var group = ((t * groups) + (head / (heads / groups))) * keys;
                for (var d = 0; d < width; d++)
                {
                    var place = (((t * heads) + head) * width) + d;
                    double recalled = 0, sum = 0;
                    for (var n = 0; n < keys; n++) recalled += kept * memory[head, d, n] * k.Values[group + n];
                    var correction = beta.Values[(t * heads) + head] * (v.Values[place] - recalled);
                    for (var n = 0; n < keys; n++)
                    {
                        memory[head, d, n] = (kept * memory[head, d, n]) + (correction * k.Values[group + n]);
                        sum += memory[head, d, n] * q.Values[group + n];
                    }

                    y.Values[place] = (float)sum;
                }
            }
        }

        return y;
    }
}
