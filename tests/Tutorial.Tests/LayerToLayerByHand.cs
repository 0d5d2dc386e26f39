namespace ArchGen.Tutorial.Tests;

/// <summary>
/// A decoder with 4 layers of 2 query heads and 1 key head of 4, in double precision and without anything of the language: values mixed with the first
/// layer's where a layer has a mix, keys and values of the layer before where it has none.
/// </summary>
internal sealed class LayerToLayerByHand(IModelSource source)
{
    private const int Layers = 4, Heads = 2, Width = 4;

    /// <summary>Whether layers get what others computed; if not, each mixes with its own values, and those without keys see nothing.</summary>
    public bool IsHandedOn { get; init; } = true;

    /// <summary>How often the layers run.</summary>
    public int Passes { get; init; } = 1;

    /// <summary>The logits of each token, row by row.</summary>
    public float[] Logits(int[] tokens)
    {
        double[] table = Read("token_embd"), outputNorm = Read("output_norm");
        var rows = tokens.Select(t => table.Skip(t * 8).Take(8).ToArray()).ToArray();
        double[][]? first = null, keys = null, values = null;
        for (var run = 0; run < Passes * Layers; run++)
        {
            var prefix = $"blk.{run % Layers}.";
            var h = Each(rows, x => Norm(x, Read(prefix + "attn_norm")));
            if (source.FindTensor(prefix + "attn_k.weight") is not null)
            {
                keys = [.. h.Select((x, t) => Rotate(Times(Read(prefix + "attn_k"), x), t))];
                values = Each(h, x => Times(Read(prefix + "attn_v"), x));
            }
            else if (!IsHandedOn)
            {
                values = Each(h, _ => new double[Width]);
            }

            if (source.FindTensor(prefix + "attn_v_mix.weight") is not null)
            {
                var mix = Read(prefix + "attn_v_mix")[0];
                if (first is null || !IsHandedOn) first = values;
                values = [.. values!.Select((v, t) => v.Select((e, j) => e + ((first![t][j] - e) * mix)).ToArray())];
            }

            var queries = Each(h, x => Times(Read(prefix + "attn_q"), x));
            rows = [.. rows.Select((x, t) => Plus(x, Times(Read(prefix + "attn_output"), Attend(queries[t], t, keys!, values!))))];
            rows = Each(rows, x => Plus(x, FeedForward(Norm(x, Read(prefix + "ffn_norm")), prefix)));
        }

        return [.. rows.SelectMany(x => Times(table, Norm(x, outputNorm))).Select(e => (float)e)];
    }

    private double[] FeedForward(double[] h, string prefix)
    {
        double[] gate = Times(Read(prefix + "ffn_gate"), h), up = Times(Read(prefix + "ffn_up"), h);
        return Times(Read(prefix + "ffn_down"), [.. gate.Select((g, i) => g / (1 + Math.Exp(-g)) * up[i])]);
    }

    private static double[] Attend(double[] query, int position, double[][] keys, double[][] values)
    {
        var result = new double[Heads * Width];
        for (var head = 0; head < Heads; head++)
        {
            var q = Rotate([.. query.Skip(head * Width).Take(Width)], position);
            var scores = Enumerable.Range(0, position + 1).Select(t => Math.Exp(q.Zip(keys[t], (a, b) => a * b).Sum() / Math.Sqrt(Width))).ToArray();
            for (var t = 0; t <= position; t++)
            {
                for (var j = 0; j < Width; j++) result[(head * Width) + j] += scores[t] / scores.Sum() * values[t][j];
            }
        }

        return result;
    }

    /// <summary>RoPE in halves (arXiv:2104.09864).</summary>
    private static double[] Rotate(double[] x, int position)
    {
        var y = new double[x.Length];
        for (int i = 0, half = x.Length / 2; i < half; i++)
        {
            var angle = position * Math.Pow(10000, -2.0 * i / x.Length);
            y[i] = (x[i] * Math.Cos(angle)) - (x[i + half] * Math.Sin(angle));
            y[i + half] = (x[i] * Math.Sin(angle)) + (x[i + half] * Math.Cos(angle));
        }

        return y;
    }

    private static double[] Norm(double[] x, double[] weight)
    {
        var root = Math.Sqrt((x.Sum(e => e * e) / x.Length) + 1e-5);
        return [.. x.Select((e, i) => e / root * weight[i])];
    }

    private static double[] Times(double[] matrix, double[] x) =>
        [.. Enumerable.Range(0, matrix.Length / x.Length).Select(row => x.Select((e, i) => e * matrix[(row * x.Length) + i]).Sum())];

    private static double[] Plus(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x + y)];

    private static double[][] Each(double[][] rows, Func<double[], double[]> function) => Array.ConvertAll(rows, row => function(row));

    private double[] Read(string name) => Array.ConvertAll(source.Read(name + ".weight"), e => (double)e);
}
