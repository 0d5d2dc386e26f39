namespace ArchGen;

/// <summary>
/// Makes a method of a model a further graph over the model's tensors: <c>Tensor Draft(Tokens tokens)</c>, or <c>Tensor Draft(Tokens tokens, Tensor rows)</c>
/// for one that reads rows of another graph (<see cref="RowsAttribute"/>). It returns logits or embeddings, as <see cref="Model.Forward(Tokens)"/> does, whose
/// graph has no name. Variants inherit it; one that overrides the method has its own under the same name.
/// </summary>
/// <param name="name">The name, of lower-case letters, digits and <c>-</c>: <c>draft</c>.</param>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class GraphAttribute(string name) : Attribute
{
    /// <summary>The name.</summary>
    public string Name { get; } = name;

    /// <summary>
    /// The dimension that counts its tokens in messages and listings: T, or S if they are another text than that of the graph that reads its rows.
    /// </summary>
    public string Tokens { get; set; } = "T";
}

/// <summary>The shape of the rows of another graph that a graph reads; without it, <c>T, Embd</c>.</summary>
/// <param name="shape">
/// Two dimensions: T for a row of each token, or S for any number of rows, to which <c>CrossAttention</c> attends; then the elements of a row, an expression
/// over hyper-parameters.
/// </param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class RowsAttribute(string shape) : Attribute
{
    /// <summary>The dimensions.</summary>
    public string Shape { get; } = shape;
}
