using ArchGen.Eager;

namespace ArchGen.Dsl.Tests.Ops;

/// <summary>Runs one operation by its reference, its result shaped by its shape rule.</summary>
internal static class OpRun
{
    public static Operand Tensor(int[] dims, params float[] values) => new(values, dims);

    public static Operand Random(int seed, params int[] dims)
    {
        var random = new Random(seed);
        var values = new float[dims.Aggregate(1, (a, b) => a * b)];
        for (var i = 0; i < values.Length; i++) values[i] = (float)((random.NextDouble() * 4) - 2);
        return new Operand(values, dims);
    }

    public static Operand Of(Op op, Attributes attributes, params Operand?[] inputs) => At(null, op, attributes, inputs);

    public static Operand At(int[]? positions, Op op, Attributes attributes, params Operand?[] inputs)
    {
        Shape?[] shapes = [.. inputs.Select(input => input is null ? null : new Shape([.. input.Dims.Select(d => (Dim)d)]))];
        var rows = inputs[0]!.Dims[0];
        var shape = OpTable.Infer(op, shapes, key => attributes.Find(key) is { } value ? (Dim)(long)value : null);
        int[] dims = [.. shape.Select(dim => (int)dim.Evaluate(name => name == "O" ? rows : throw new InvalidOperationException(name))!.Value)];
        var output = Reference.Run(op, attributes, inputs, dims, positions ?? [.. Enumerable.Range(0, rows)]);
        Assert.Equal(dims, output.Dims);
        Assert.Equal(dims.Aggregate(1, (a, b) => a * b), output.Values.Length);
        return output;
    }

    public static void Close(float[] expected, float[] actual, float tolerance = 1e-6f)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(
                Math.Abs(expected[i] - actual[i]) <= tolerance || expected[i].Equals(actual[i]),
                $"element {i}: expected {expected[i]}, found {actual[i]}");
        }
    }
}
