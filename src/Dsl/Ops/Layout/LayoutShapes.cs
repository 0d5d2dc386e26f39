namespace ArchGen;

internal static class LayoutShapes
{
    public static readonly OpSpec[] Specs =
    [
        Spec(Op.Heads, "heads", [Slot.X], [Attr.Count], Heads, GgmlPeer.None),
        Spec(Op.Flatten, "flatten", [Slot.X], [], Flatten, GgmlPeer.None),
        Spec(Op.Slice, "slice", [Slot.X], [Attr.Start, Attr.Length], Slice, GgmlPeer.None),
        Spec(Op.Concat, "concat", [Slot.A, Slot.B], [], Concat, new("CONCAT")),
        Spec(Op.RepeatHeads, "repeat_heads", [Slot.X], [Attr.Count], RepeatHeads, GgmlPeer.None),
    ];

    private static OpSpec Spec(Op op, string word, OperandSpec[] operands, Attr[] attributes, System.Func<OpCall, Shape> shape, GgmlPeer ggml) => new()
    {
        Op = op,
        Family = OpFamily.Layout,
        Word = word,
        Operands = operands,
        Attributes = attributes,
        ShapeRule = shape,
        WorkRule = null,
        Rows = RowDependence.Own,
        IsInteger = false,
        Nonlinearity = Nonlinearity.None,
        HidesErrors = false,
        Tolerance = 0,
        Ggml = ggml,
    };

    /// <summary>x [.., count*d] -> [.., count, d].</summary>
    private static Shape Heads(OpCall call)
    {
        var count = call.Dim(Attr.Count);
        call.Divides(count, call[Slot.X].Last, Slot.X, "the last dimension");
        return call[Slot.X].WithLast(count, call[Slot.X].Last / count);
    }

    /// <summary>x [.., n, d] -> [.., n*d].</summary>
    private static Shape Flatten(OpCall call)
    {
        var x = call[Slot.X];
        if (x.Rank < 2) throw call.Fault(Slot.X, $"flatten joins the last two dimensions, but its operand has shape {x}");
        var dims = new Dim[x.Rank - 1];
        for (var i = 0; i < dims.Length; i++) dims[i] = x[i];
        dims[dims.Length - 1] = x[x.Rank - 2] * x.Last;
        return new Shape(dims);
    }

    /// <summary>x [.., n] -> [.., length], the elements from start on.</summary>
    private static Shape Slice(OpCall call)
    {
        Dim start = call.Dim(Attr.Start), length = call.Dim(Attr.Length);
        call.AtLeast(start, 0, null, "the start");
        call.AtLeast(length, 1, null, "the length");
        var rest = call[Slot.X].Last - start - length;
        if (rest.IsConstant(out var left) && left < 0)
        {
            throw call.Fault(Slot.X, $"slice [{start}, {start + length}) of {call[Slot.X]}: it reaches beyond the last dimension, {call[Slot.X].Last}");
        }

        return call[Slot.X].WithLast(length);
    }

    /// <summary>a [.., m], b [.., n] -> [.., m+n].</summary>
    private static Shape Concat(OpCall call)
    {
        Shape a = call[Slot.A], b = call.Rank(Slot.B, a.Rank);
        for (var i = 0; i < a.Rank - 1; i++) call.Equal(b[i], a[i], Slot.B, $"dimension {i}");
        return a.WithLast(a.Last + b.Last);
    }

    /// <summary>x [T, 1, d] -> [T, count, d].</summary>
    private static Shape RepeatHeads(OpCall call)
    {
        var x = call.Rank(Slot.X, 3);
        call.Equal(x[1], 1, Slot.X, "the number of heads");
        call.AtLeast(call.Dim(Attr.Count), 1, null, "the count");
        return new Shape(x[0], call.Dim(Attr.Count), x[2]);
    }
}
