namespace ArchGen.Eager;

/// <summary>Element-wise operations. Two operands are broadcast: trailing dimensions are equal, or 1 on one side (as in NumPy).</summary>
internal static class ElementwiseReference
{
    public static readonly (Op Op, ReferenceRule Rule)[] Rules =
    [
        (Op.Add, call => Binary(call, (a, b) => a + b)),
        (Op.Subtract, call => Binary(call, (a, b) => a - b)),
        (Op.Multiply, call => Binary(call, (a, b) => a * b)),
        (Op.Divide, call => Binary(call, (a, b) => a / b)),
        (Op.Scale, call => Unary(call, x => x * call.Number(Attr.Factor))),
        (Op.Affine, call => Unary(call, x => (x * call.Number(Attr.Factor)) + call.Number(Attr.Offset))),
        (Op.Clamp, call => Unary(call, x => Math.Min(Math.Max(x, call.Number(Attr.Min)), call.Number(Attr.Max)))),
        (Op.Silu, call => Unary(call, Silu)),
        (Op.Gelu, call => Unary(call, Gelu)),
        (Op.GeluTanh, call => Unary(call, GeluTanh)),
        (Op.GeluQuick, call => Unary(call, GeluQuick)),
        (Op.GeluTable, call => Unary(call, x => Eager.GeluTable.Of((float)x))),
        (Op.Relu, call => Unary(call, x => Math.Max(x, 0))),
        (Op.ReluSquared, call => Unary(call, ReluSquared)),
        (Op.Xielu, Xielu),
        (Op.Sigmoid, call => Unary(call, Sigmoid)),
        (Op.Tanh, call => Unary(call, Math.Tanh)),
        (Op.Softplus, call => Unary(call, Softplus)),
        (Op.Exp, call => Unary(call, Math.Exp)),
        (Op.Sqrt, call => Unary(call, Math.Sqrt)),
    ];

    /// <summary><c>1 / (1 + e^-x)</c>.</summary>
    public static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    /// <summary><c>x * sigmoid(x)</c> (arXiv:1702.03118).</summary>
    public static double Silu(double x) => x * Sigmoid(x);

    /// <summary><c>x * P(X &lt;= x)</c> for a standard normal X, that is <c>x/2 * (1 + erf(x / sqrt 2))</c> (arXiv:1606.08415).</summary>
    public static double Gelu(double x) => 0.5 * x * (1 + Erf(x / Math.Sqrt(2)));

    /// <summary>The first approximation of the same paper: <c>x/2 * (1 + tanh(sqrt(2/pi) * (x + 0.044715 x^3)))</c>.</summary>
    public static double GeluTanh(double x) => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x))));

    /// <summary>The second approximation of the same paper: <c>x * sigmoid(1.702 x)</c>.</summary>
    public static double GeluQuick(double x) => x * Sigmoid(1.702 * x);

    /// <summary><c>max(x, 0)^2</c> (Primer, arXiv:2109.08668).</summary>
    public static double ReluSquared(double x) => x > 0 ? x * x : 0;

    /// <summary><c>ln(1 + e^x)</c>, written <c>max(x, 0) + ln(1 + e^-|x|)</c> so that no x overflows.</summary>
    public static double Softplus(double x)
    {
        var small = Math.Exp(-Math.Abs(x));
        // 1 + small drops the digits of a tiny number; the series of ln(1 + small) keeps them.
        return Math.Max(x, 0) + (small < 1e-5 ? small - (small * small / 2) : Math.Log(1 + small));
    }

    /// <summary>
    /// The error function by the series <c>2/sqrt(pi) * e^(-x^2) * sum_n 2^n x^(2n+1) / (1*3*..*(2n+1))</c> (Abramowitz and Stegun, 7.1.6), whose terms all
    /// have one sign. Beyond 6 it is 1 in double precision.
    /// </summary>
    public static double Erf(double x)
    {
        if (double.IsNaN(x)) return x;
        if (Math.Abs(x) > 6) return Math.Sign(x);
        double sum = 0, term = x;
        for (var n = 1; Math.Abs(term) > 1e-18 * Math.Abs(sum); n++)
        {
            sum += term;
            term *= 2 * x * x / ((2 * n) + 1);
        }

        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }

    /// <summary>
    /// <c>y = alphaPositive x^2 + beta x</c> for x above 0, else <c>y = alphaNegative (e^min(x, epsilon) - 1 - x) + beta x</c> (arXiv:2411.13010,
    /// section 3, and its published code, whose epsilon is a small negative number).
    /// </summary>
    private static Operand Xielu(ReferenceCall call)
    {
        double positive = call.Number(Attr.AlphaPositive), negative = call.Number(Attr.AlphaNegative), beta = call.Number(Attr.Beta);
        var epsilon = call.Number(Attr.Epsilon);
        return Unary(call, x => (beta * x) + (x > 0 ? positive * x * x : negative * (Math.Exp(Math.Min(x, epsilon)) - 1 - x)));
    }

    private static Operand Unary(ReferenceCall call, Func<double, double> function) =>
        call.Reshape(new Operand(Array.ConvertAll(call[Slot.X].Values, x => (float)function(x)), call[Slot.X].Dims));

    private static Operand Binary(ReferenceCall call, Func<double, double, double> function)
    {
        Operand a = call[Slot.A], b = call[Slot.B], y = call.NewOutput();
        for (var i = 0; i < y.Values.Length; i++) y.Values[i] = (float)function(a.Values[Source(i, y.Dims, a.Dims)], b.Values[Source(i, y.Dims, b.Dims)]);
        return y;
    }

    /// <summary>The element of a broadcast operand that the result's element <paramref name="index"/> reads.</summary>
    private static int Source(int index, int[] outputDims, int[] dims)
    {
        int source = 0, stride = 1;
        for (var fromEnd = 1; fromEnd <= dims.Length; fromEnd++)
        {
            var coordinate = index % outputDims[^fromEnd];
            index /= outputDims[^fromEnd];
            if (dims[^fromEnd] != 1) source += coordinate * stride;
            stride *= dims[^fromEnd];
        }

        return source;
    }
}
