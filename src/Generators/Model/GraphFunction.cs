namespace ArchGen.Generators.Model;

/// <summary>
/// A forward pass over hyper-parameters: one statement per operation, helpers inlined, layers as a loop. It is the one symbolic graph of the generator:
/// the listing, the code that builds a model's graph, and the outline from which roles are read (<see cref="SymbolicGraph"/>) are written from it.
/// </summary>
/// <param name="Name">The C# method it comes from.</param>
/// <param name="Modifiers">The keywords of accessibility, and virtual or override.</param>
/// <param name="Parameters">Type and name of each parameter.</param>
/// <param name="Result">What it returns.</param>
/// <param name="Body">Its statements; null for one that every kind overrides.</param>
internal sealed record GraphFunction(string Name, EquatableArray<string> Modifiers, EquatableArray<ParameterModel> Parameters, ResultModel Result,
    EquatableArray<Statement>? Body)
{
    /// <summary>The name of the graph that it makes; null for the model's forward pass, and for those of blocks.</summary>
    public string? Graph { get; init; }
}

/// <summary>What a forward pass returns: a tensor if it has no items, or else a tuple of them.</summary>
internal sealed record ResultModel(EquatableArray<ResultModel> Items)
{
    public static readonly ResultModel Tensor = new(default(EquatableArray<ResultModel>));
}

/// <summary>A parameter of a forward pass.</summary>
internal sealed record ParameterModel(string Type, string Name)
{
    /// <summary>For rows of another graph that a model's pass reads, their shape.</summary>
    public RowsModel? Rows { get; init; }
}

/// <summary>The shape of the rows of another graph.</summary>
/// <param name="Shape">In normal form.</param>
/// <param name="Width">The elements of a row, as they are written.</param>
internal sealed record RowsModel(Shape Shape, Expression Width)
{
    /// <summary>Whether each token comes with one.</summary>
    public bool IsOfTokens => Shape[0].Equals(Dim.Tokens);
}

/// <summary>A statement of a flattened forward pass.</summary>
internal abstract record Statement;

/// <summary>An operation, whose result is a node.</summary>
/// <param name="Variable">The variable that holds the result.</param>
/// <param name="Node">The node's name, relative to its block.</param>
/// <param name="Value">The call or operator that applies it, with its operands and numbers.</param>
/// <param name="Op">The operation.</param>
/// <param name="Shape">The shape of the result.</param>
internal sealed record OperationStatement(string Variable, string Node, Expression Value, Op Op, Shape Shape) : Statement;

/// <summary>A variable that changes; without a value, the branches that follow assign it.</summary>
internal sealed record DeclareStatement(string Variable, Expression? Value, bool MayBeNull = false) : Statement;

/// <summary>An assignment.</summary>
internal sealed record AssignStatement(string Variable, Expression Value) : Statement;

/// <summary>A call of a block's forward pass.</summary>
/// <param name="List">The list that the block stands in.</param>
/// <param name="Block">The block.</param>
/// <param name="Method">The method that the forward pass comes from.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="Results">The variables of its results.</param>
/// <param name="Declares">Whether these begin here, rather than being assigned anew.</param>
internal sealed record CallStatement(
    string List, Expression Block, string Method, EquatableArray<Expression> Arguments, EquatableArray<string> Results, bool Declares) : Statement;

/// <summary>A loop over blocks.</summary>
internal sealed record LoopStatement(string Variable, string List, EquatableArray<Statement> Body) : Statement;

/// <summary>Statements that run as often as a number says.</summary>
/// <param name="Variable">The number of the pass, from 0.</param>
/// <param name="Count">The number of passes.</param>
/// <param name="Body">What runs.</param>
internal sealed record RepeatStatement(string Variable, Expression Count, EquatableArray<Statement> Body) : Statement
{
    /// <summary>The condition under which there is another pass.</summary>
    public Expression Condition => new BinaryExpression(BinaryOperator.Less, new NameExpression(Variable), Count);
}

/// <summary>A decision on hyper-parameters, the block's index, or an optional tensor.</summary>
internal sealed record IfStatement(Expression Condition, EquatableArray<Statement> Then, EquatableArray<Statement> Else) : Statement;

/// <summary>The result.</summary>
internal sealed record ReturnStatement(Expression Value) : Statement;
