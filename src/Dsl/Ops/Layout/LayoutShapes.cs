namespace ArchGen;

internal static class LayoutShapes
{
    public static readonly OpSpec[] Specs =
    [
        new(Op.Heads, "heads", ["x"], [Attr.Count], Heads),
        new(Op.Flatten, "flatten", ["x"], [], Flatten),
        new(Op.Slice, "slice", ["x"], [Attr.Start, Attr.Length], Slice),
        new(Op.Concat, "concat", ["a", "b"], [], Concat),
        new(Op.RepeatHeads, "repeat_heads", ["x"], [Attr.Count], RepeatHeads),
    ];

    /// <summary>x [.., count*d] -> [.., count, d].</summary>
    private static Shape Heads(OpCall call)
    {
        var count = call.Dim(Attr.Count);
        call.Divides(count, call[0].Last, 0, "the last dimension");
        return call[0].WithLast(count, call[0].Last / count);
    }

    /// <summary>x [.., n, d] -> [.., n*d].</summary>
    private static Shape Flatten(OpCall call)
    {
        var x = call[0];
        if (x.Rank < 2) throw new ShapeException(0, $"flatten joins the last two dimensions, but its operand has shape {x}");
        var dims = new Dim[x.Rank - 1];
        for (var i = 0; i < dims.Length; i++) dims[i] = x[i];
        dims[dims.Length - 1] = x[x.Rank - 2] * x.Last;
        return new Shape(dims);
    }

    /// <summary>x [.., n] -> [.., length], the elements from start on.</summary>
    private static Shape Slice(OpCall call)
    {
        Dim start = call.Dim(Attr.Start), length = call.Dim(Attr.Length);
        call.AtLeast(start, 0, -1, "the start");
        call.AtLeast(length, 1, -1, "the length");
        var rest = call[0].Last - start - length;
        if (rest.IsConstant(out var left) && left < 0)
        {
            throw new ShapeException(0, $"slice [{start}, {start + length}) of {call[0]}: it reaches beyond the last dimension, {call[0].Last}");
        }

        return call[0].WithLast(length);
    }

    /// <summary>a [.., m], b [.., n] -> [.., m+n].</summary>
    private static Shape Concat(OpCall call)
    {
        Shape a = call[0], b = call.Rank(1, a.Rank);
        for (var i = 0; i < a.Rank - 1; i++) call.Equal(b[i], a[i], 1, $"dimension {i}");
        return a.WithLast(a.Last + b.Last);
    }

    /// <summary>x [T, 1, d] -> [T, count, d].</summary>
    private static Shape RepeatHeads(OpCall call)
    {
        var x = call.Rank(0, 3);
        call.Equal(x[1], 1, 0, "the number of heads");
        call.AtLeast(call.Dim(Attr.Count), 1, -1, "the count");
        return new Shape(x[0], call.Dim(Attr.Count), x[2]);
    }
}
