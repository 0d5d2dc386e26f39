namespace ArchGen.Eager;

/// <summary>
/// Normalisations of each row x of d elements. A weight or bias of more than one row is repeated over the leading dimensions: [groups, d] for x [T, groups, d].
/// </summary>
internal static class NormReference
{
    public static readonly (Op Op, ReferenceRule Rule)[] Rules = [(Op.RmsNorm, RmsNorm), (Op.LayerNorm, LayerNorm), (Op.L2Norm, L2Norm)];

    /// <summary><c>y = x / sqrt(mean(x^2) + epsilon) * weight</c> (arXiv:1910.07467). x [.., d], weight [d] or [.., d] -> the shape of x.</summary>
    private static Operand RmsNorm(ReferenceCall call) => Normalise(
        call,
        (sum, d) => 0,
        (squares, d) => 1 / Math.Sqrt((squares / d) + call.Number(Attr.Epsilon)));

    /// <summary>
    /// <c>y = (x - mean(x)) / sqrt(mean((x - mean(x))^2) + epsilon) * weight + bias</c> (arXiv:1607.06450).
    /// x [.., d], weight and bias [d] or [.., d] -> the shape of x.
    /// </summary>
    private static Operand LayerNorm(ReferenceCall call) => Normalise(
        call,
        (sum, d) => sum / d,
        (squares, d) => 1 / Math.Sqrt((squares / d) + call.Number(Attr.Epsilon)));

    /// <summary><c>y = x / max(sqrt(sum(x^2)), epsilon)</c>, as torch.nn.functional.normalize. x [.., d] -> the shape of x.</summary>
    private static Operand L2Norm(ReferenceCall call) => Normalise(
        call,
        (sum, d) => 0,
        (squares, d) => 1 / Math.Max(Math.Sqrt(squares), call.Number(Attr.Epsilon)));

    /// <summary><c>y = (x - centre) * factor * weight + bias</c>, with the factor computed from the sum of squares about the centre.</summary>
    private static Operand Normalise(ReferenceCall call, Func<double, int, double> centre, Func<double, int, double> factor)
    {
        Operand x = call[Slot.X], y = call.NewOutput();
        Operand? weight = call.Optional(Slot.Weight), bias = call.Optional(Slot.Bias);
        for (var start = 0; start < x.Values.Length; start += x.Width)
        {
            var row = x.Values.AsSpan(start, x.Width);
            double sum = 0, squares = 0;
            foreach (var value in row) sum += value;
            var middle = centre(sum, x.Width);
            foreach (var value in row) squares += (value - middle) * (value - middle);
            var scale = factor(squares, x.Width);
            for (var i = start; i < start + x.Width; i++)
            {
                var value = (x.Values[i] - middle) * scale;
                if (weight is not null) value *= weight.Values[i % weight.Values.Length];
                if (bias is not null) value += bias.Values[i % bias.Values.Length];
                y.Values[i] = (float)value;
            }
        }

        return y;
    }
}
