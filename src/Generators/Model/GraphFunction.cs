namespace ArchGen.Generators.Model;

/// <summary>A forward pass, flattened: one statement per operation, helpers inlined, layers as a loop.</summary>
/// <param name="Name">The C# method it comes from.</param>
/// <param name="Modifiers">Accessibility and virtual or override.</param>
/// <param name="Parameters">Type and name of each parameter.</param>
/// <param name="ResultType">Tensor, or a tuple of them.</param>
/// <param name="Body">Its statements; null for one that every kind overrides.</param>
internal sealed record GraphFunction(string Name, string Modifiers, EquatableArray<ParameterModel> Parameters, string ResultType, EquatableArray<Statement>? Body);

/// <summary>A parameter of a forward pass.</summary>
internal sealed record ParameterModel(string Type, string Name);

/// <summary>A statement of a flattened forward pass.</summary>
internal abstract record Statement;

/// <summary>An operation: <c>var NAME = CODE</c>.</summary>
internal sealed record OpStatement(string Variable, string Node, string Code, string Word, string Shape) : Statement;

/// <summary>A variable that changes.</summary>
internal sealed record DeclareStatement(string Type, string Variable, string? Code) : Statement;

/// <summary>An assignment.</summary>
internal sealed record AssignStatement(string Variable, string Code) : Statement;

/// <summary>A loop over blocks.</summary>
internal sealed record LoopStatement(string Variable, string List, EquatableArray<Statement> Body) : Statement;

/// <summary>A decision on hyper-parameters, the block's index, or an optional tensor.</summary>
internal sealed record IfStatement(string Condition, EquatableArray<Statement> Then, EquatableArray<Statement> Else) : Statement;

/// <summary>The result.</summary>
internal sealed record ReturnStatement(string Code) : Statement;
