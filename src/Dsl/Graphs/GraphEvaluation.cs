namespace ArchGen.Graphs;

/// <summary>Records each operation as a node.</summary>
internal sealed class GraphEvaluation(string name) : Evaluation
{
    private readonly GraphBuilder _builder = new(name);
    private int _steps;

    public override Tensor Tokens => Leaf(Op.Tokens, "tokens", new Shape(Dim.Tokens));

    public override Tensor Segments => Leaf(Op.Segments, "segments", new Shape(Dim.Tokens));

    public override Tensor Positions => Leaf(Op.Positions, "positions", new Shape(Dim.Tokens));

    public override Tensor Rows(Dim count, long width) => Leaf(Op.Encoded, count.Equals(Dim.Tokens) ? "rows" : "encoded", new Shape(count, width));

    public override Tensor? Weight(TensorInfo? info) => info is null ? null : Leaf(Op.Weight, info.Name, info.Shape);

    protected override Tensor StateOf(State state) => Leaf(Op.State, state.Name, state.Shape);

    public override Tensor Apply(string nodeName, Op op, Attributes attributes, params Tensor?[] inputs)
    {
        CountOperation(nodeName);
        try
        {
            var id = _builder.Add(nodeName, op, Array.ConvertAll(inputs, x => x?.Id ?? -1), attributes, step: _steps++);
            return new Tensor(this, id, _builder.ShapeOf(id), null);
        }
        catch (ShapeException error)
        {
            throw new ModelFileException($"{name}, {nodeName}: {error.Message}. "
                + "A hyper-parameter of the file is wrong, or it belongs to another architecture.", error);
        }
    }

    public void Name(Tensor tensor, string nodeName) => _builder.Name(tensor.Id, nodeName);

    public void Locate(Tensor tensor, string source) => _builder.Locate(tensor.Id, source);

    public Graph Build(Tensor output) => _builder.Build(output.Id);

    private Tensor Leaf(Op op, string leafName, Shape shape) => new(this, _builder.Leaf(op, leafName, shape), shape, null);
}
