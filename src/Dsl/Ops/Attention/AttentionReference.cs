namespace ArchGen.Eager;

/// <summary>Rotary embedding and attention.</summary>
internal static class AttentionReference
{
    public static readonly (Op Op, ReferenceRule Rule)[] Rules =
    [
        (Op.Rope, Rope), (Op.Temperature, Temperature), (Op.Attention, SelfAttention), (Op.CrossAttention, CrossAttention),
    ];

    /// <summary>
    /// Rotates the pairs among the first <c>dims</c> elements of each head by the angles of <see cref="RotaryAngles"/>; later elements are unchanged.
    /// A pair is (2i, 2i+1) for <see cref="RopeKind.Interleaved"/> and (i, i + dims/2) for <see cref="RopeKind.HalfSplit"/>:
    /// <c>y0 = m (x0 cos a - x1 sin a)</c>, <c>y1 = m (x0 sin a + x1 cos a)</c>; an inverse rotation is by -a.
    /// x [T, heads, d], factors [dims/2] -> the shape of x.
    /// </summary>
    private static Operand Rope(ReferenceCall call)
    {
        var x = call[Slot.X];
        var factors = call.Optional(Slot.Factors);
        var kind = (RopeKind)call.Integer(Attr.Kind);
        var dims = call.Integer(Attr.Dims);
        var angles = new RotaryAngles(
            dims, call.Number(Attr.FreqBase), call.Number(Attr.FreqScale), call.Number(Attr.ExtFactor), call.Number(Attr.AttnFactor),
            call.Number(Attr.BetaFast), call.Number(Attr.BetaSlow), call.Number(Attr.OriginalContext), call.Integer(Attr.Truncated) == 1);
        var y = new Operand((float[])x.Values.Clone(), call.OutputDims);
        if (kind == RopeKind.None) return y;

        var heads = x.Dims[1];
        var direction = call.Integer(Attr.Inverse) == 1 ? -1 : 1;
        for (var row = 0; row < x.Rows; row++)
        {
            for (var i = 0; i < dims / 2; i++)
            {
                var (first, second) = kind switch
                {
                    RopeKind.Interleaved => (2 * i, (2 * i) + 1),
                    RopeKind.HalfSplit => (i, i + (dims / 2)),
                    _ => throw new InvalidOperationException($"rope needs a kind, found {kind}."),
                };
                var angle = direction * angles.Of(call.Positions[row / heads], i, factors?.Values[i] ?? 1);
                double cos = Math.Cos(angle) * angles.Magnitude, sin = Math.Sin(angle) * angles.Magnitude;
                double x0 = x.Values[(row * x.Width) + first], x1 = x.Values[(row * x.Width) + second];
                y.Values[(row * x.Width) + first] = (float)((x0 * cos) - (x1 * sin));
                y.Values[(row * x.Width) + second] = (float)((x0 * sin) + (x1 * cos));
            }
        }

        return y;
    }

    /// <summary><c>y[t] = (1 + factor * ln(1 + floor((position[t] + offset) / length))) * q[t]</c>. q [T, heads, d] -> the shape of q.</summary>
    private static Operand Temperature(ReferenceCall call)
    {
        var q = call[Slot.Query];
        var y = call.NewOutput();
        var (width, length) = (q.Values.Length / q.Dims[0], call.Integer(Attr.Length));
        double factor = call.Number(Attr.Factor), offset = call.Number(Attr.Offset);
        for (var i = 0; i < y.Values.Length; i++)
            y.Values[i] = (float)(q.Values[i] * (1 + (factor * Math.Log(1 + Math.Floor((call.Positions[i / width] + offset) / length)))));
        return y;
    }

    /// <summary>
    /// <c>y[t, h] = sum_s p[s] v[s, g]</c> with <c>p = softmax over the visible keys s of score(t, h, s)</c> (arXiv:1706.03762) and
    /// <c>g = h / (heads/kvHeads)</c>, the head of keys and values that query head h reads (grouped-query attention, arXiv:2305.13245).
    /// The score is computed in this order:
    /// <list type="bullet">
    /// <item><c>s = factor * (q[t, h] . k[s, g])</c>;</item>
    /// <item>if softcap is above 0, <c>s = softcap * tanh(s / softcap)</c> (Gemma 2, arXiv:2408.00118);</item>
    /// <item>if there is a bias [buckets, heads], <c>s += bias[bucket, h]</c>, the bucket by <see cref="RelativePosition.Bucket"/>, in both directions if
    /// the mask is bidirectional;</item>
    /// <item>if alibiMaxBias is above 0, <c>s -= slope(h) * |pos_q - pos_k|</c>, by <see cref="RelativePosition.AlibiSlope"/>.</item>
    /// </list> A causal mask shows keys with <c>pos_k &lt;= pos_q</c>, and with a window w those with <c>pos_q - pos_k &lt; w</c>; a bidirectional
    /// one shows all, with a window those with <c>|pos_q - pos_k| &lt;= w/2</c> (w/2 rounded down).
    /// Sinks [heads] add <c>e^sink[h]</c> to the softmax's denominator (arXiv:2309.17453, learned as in gpt-oss).
    /// q [T, heads, d], k [T, kvHeads, d], v [T, kvHeads, dv] -> [T, heads*dv].
    /// </summary>
    private static Operand SelfAttention(ReferenceCall call)
    {
        var bias = call.Optional(Slot.Bias);
        var mask = (AttentionMask)call.Integer(Attr.Mask);
        var window = call.Integer(Attr.Window);
        double softcap = call.Number(Attr.Softcap), maxBias = call.Number(Attr.AlibiMaxBias);
        var heads = call[Slot.Query].Dims[1];
        return Attend(call, call.Optional(Slot.Sinks), (t, s, head, product) =>
        {
            int query = call.Positions[t], key = call.Positions[s];
            if (!IsVisible(mask, window, query, key)) return double.NegativeInfinity;
            var score = softcap > 0 ? softcap * Math.Tanh(product / softcap) : product;
            if (bias is not null)
            {
                var bidirectional = mask == AttentionMask.Bidirectional;
                score += bias.Values[(RelativePosition.Bucket(query, key, bias.Dims[0], call.Integer(Attr.BucketsMaxDistance), bidirectional) * heads) + head];
            }

            if (maxBias > 0) score -= RelativePosition.AlibiSlope(head, heads, maxBias) * Math.Abs(query - key);
            return score;
        });
    }

    /// <summary>
    /// Attention of decoder tokens to all encoder tokens: <c>softmax(factor * q k^T) v</c>, no mask, no bias.
    /// q [T, heads, d], k [S, kvHeads, d], v [S, kvHeads, dv] -> [T, heads*dv].
    /// </summary>
    private static Operand CrossAttention(ReferenceCall call) => Attend(call, sinks: null, (_, _, _, product) => product);

    private static bool IsVisible(AttentionMask mask, int window, int query, int key) => mask switch
    {
        AttentionMask.Causal => key <= query && (window == 0 || query - key < window),
        _ => window == 0 || Math.Abs(query - key) <= window / 2,
    };

    /// <summary>
    /// The weighted mean of the values; <paramref name="scoreOf"/> computes a score from query, key, head and scaled product, -infinity for a hidden key.
    /// </summary>
    private static Operand Attend(ReferenceCall call, Operand? sinks, Func<int, int, int, double, double> scoreOf)
    {
        Operand q = call[Slot.Query], k = call[Slot.Key], v = call[Slot.Value], y = call.NewOutput();
        int heads = q.Dims[1], kvHeads = k.Dims[1], width = v.Dims[2], keys = k.Dims[0];
        var scores = new double[keys];
        for (var row = 0; row < q.Rows; row++)
        {
            int t = row / heads, head = row % heads, kvHead = head / (heads / kvHeads);
            for (var s = 0; s < keys; s++) scores[s] = scoreOf(t, s, head, call.Number(Attr.Factor) * Dot(q, row, k, (s * kvHeads) + kvHead));

            var largest = sinks is null ? double.NegativeInfinity : sinks.Values[head];
            foreach (var score in scores) largest = Math.Max(largest, score);
            var weights = Array.ConvertAll(scores, score => Math.Exp(score - largest));
            var total = weights.Sum() + (sinks is null ? 0 : Math.Exp(sinks.Values[head] - largest));

            for (var i = 0; i < width; i++)
            {
                double sum = 0;
                for (var s = 0; s < keys; s++) sum += weights[s] * v.Values[(((s * kvHeads) + kvHead) * width) + i];
                y.Values[(row * width) + i] = (float)(sum / total);
            }
        }

        return y;
    }

    private static double Dot(Operand a, int rowA, Operand b, int rowB)
    {
        double sum = 0;
        for (var i = 0; i < a.Width; i++) sum += (double)a.Values[(rowA * a.Width) + i] * b.Values[(rowB * b.Width) + i];
        return sum;
    }
}
