namespace ArchGen.Eager;

/// <summary>Operations that only move elements.</summary>
internal static class LayoutReference
{
    public static readonly (Op Op, ReferenceRule Rule)[] Rules =
    [
        (Op.Heads, call => call.Reshape(call[Slot.X])),
        (Op.Flatten, call => call.Reshape(call[Slot.X])),
        (Op.Slice, Slice),
        (Op.Concat, Concat),
        (Op.RepeatHeads, RepeatHeads),
    ];

    /// <summary><c>y[.., i] = x[.., start + i]</c>. x [.., n] -> [.., length].</summary>
    private static Operand Slice(ReferenceCall call)
    {
        Operand x = call[Slot.X], y = call.NewOutput();
        for (var row = 0; row < x.Rows; row++) Array.Copy(x.Values, (row * x.Width) + call.Integer(Attr.Start), y.Values, row * y.Width, y.Width);
        return y;
    }

    /// <summary>The rows of a, each followed by that of b. a [.., m], b [.., n] -> [.., m+n].</summary>
    private static Operand Concat(ReferenceCall call)
    {
        Operand a = call[Slot.A], b = call[Slot.B], y = call.NewOutput();
        for (var row = 0; row < a.Rows; row++)
        {
            Array.Copy(a.Values, row * a.Width, y.Values, row * y.Width, a.Width);
            Array.Copy(b.Values, row * b.Width, y.Values, (row * y.Width) + a.Width, b.Width);
        }

        return y;
    }

    /// <summary><c>y[t, h, i] = x[t, 0, i]</c>. x [T, 1, d] -> [T, count, d].</summary>
    private static Operand RepeatHeads(ReferenceCall call)
    {
        Operand x = call[Slot.X], y = call.NewOutput();
        var count = y.Dims[1];
        for (var row = 0; row < y.Rows; row++) Array.Copy(x.Values, row / count * x.Width, y.Values, row * x.Width, x.Width);
        return y;
    }
}
