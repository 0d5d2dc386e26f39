namespace ArchGen.Eager;

/// <summary>Evaluates each operation immediately with its reference: one sequence, all its tokens in one batch.</summary>
internal sealed class EagerEvaluation(IModelSource source, int[] tokens, Operand? rows = null) : Evaluation
{
    private readonly Dictionary<string, Tensor> _weights = new(StringComparer.Ordinal);
    private readonly int[] _positions = [.. Enumerable.Range(0, tokens.Length)];

    public override Tensor Tokens => Leaf(new Operand(Array.ConvertAll(tokens, t => (float)t), [tokens.Length]));

    public override Tensor Segments => Leaf(new Operand(new float[tokens.Length], [tokens.Length]));

    public override Tensor Positions => Leaf(new Operand(Array.ConvertAll(_positions, p => (float)p), [tokens.Length]));

    /// <summary>The rows of another graph, as they are.</summary>
    public Tensor Given => Leaf(rows ?? throw new RequestException("This graph reads rows of another graph, and there are none."));

    /// <summary>Receives the result of each operation.</summary>
    public Action<string, Op, Operand>? Observer { get; init; }

    /// <summary>The precision of GELU.</summary>
    public GeluPrecision Gelu { get; init; }

    /// <summary>Cancels the evaluation between two operations.</summary>
    public CancellationToken Cancellation { get; init; }

    public override Tensor Rows(Dim count, long width)
    {
        var given = Given;
        int[] dims = [count.Equals(Dim.Tokens) ? tokens.Length : given.Values!.Dims[0], checked((int)width)];
        return given.Values!.Dims.SequenceEqual(dims) ? given : throw new RequestException(
            $"The rows of another graph are [{string.Join(", ", given.Values.Dims)}], but this graph reads [{string.Join(", ", dims)}]. "
            + "Evaluate that graph on the same tokens.");
    }

    public override Tensor? Weight(TensorInfo? info)
    {
        if (info is null) return null;
        if (!_weights.TryGetValue(info.Name, out var tensor))
        {
            var dims = Array.ConvertAll(info.Dims, d => checked((int)d));
            _weights[info.Name] = tensor = Leaf(new Operand(source.Read(info.Name), dims));
        }

        return tensor;
    }

    protected override Tensor StateOf(State state) => Leaf(Operand.Zeros(Sizes(state.Shape, _ => $"{state.Name} has no fixed size.")));

    public override Tensor Apply(string name, Op op, Attributes attributes, params Tensor?[] inputs)
    {
        Cancellation.ThrowIfCancellationRequested();
        CountOperation(name);
        Shape shape;
        try
        {
            shape = OpTable.Infer(op, Array.ConvertAll(inputs, x => x?.Shape), key => attributes.Find(key) is { } value ? (Dim)(long)value : null);
        }
        catch (ShapeException error)
        {
            throw new ModelFileException($"{name}: {error.Message}. A hyper-parameter of the file is wrong, or it belongs to another architecture.", error);
        }

        var dims = Sizes(shape, d => $"{name}: {d} is not a number.");
        var result = Reference.Run(GeluTable.Of(op, Gelu), attributes, Array.ConvertAll(inputs, x => x?.Values), dims, _positions);
        Observer?.Invoke(name, op, result);
        return new Tensor(this, -1, shape, result);
    }

    private static int[] Sizes(Shape shape, Func<Dim, string> error) =>
        [.. shape.Select(d => d.IsConstant(out var value) ? checked((int)value) : throw new InvalidOperationException(error(d)))];

    private Tensor Leaf(Operand values) => new(this, -1, new Shape([.. values.Dims.Select(d => (Dim)d)]), values);
}
