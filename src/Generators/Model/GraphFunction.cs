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
internal sealed record OpStatement(string Variable, string Node, string Code, string Op, string Word, string Shape, EquatableArray<OperandModel> Operands) : Statement;

/// <summary>An operand.</summary>
/// <param name="Slot">Its place among the operation's operands.</param>
/// <param name="Leaf">The operation of a leaf, such as Weight; empty for a variable.</param>
/// <param name="Name">The variable, or the leaf's name relative to its block.</param>
/// <param name="Shape">The shape of a leaf.</param>
/// <param name="IsOfModel">Whether a leaf belongs to the model rather than to the block.</param>
internal sealed record OperandModel(int Slot, string Leaf, string Name, string Shape, bool IsOfModel);

/// <summary>A variable that changes; without code, the branches that follow assign it.</summary>
internal sealed record DeclareStatement(string Type, string Variable, string? Code, BlockCall? Call = null) : Statement;

/// <summary>An assignment.</summary>
internal sealed record AssignStatement(string Variable, string Code, BlockCall? Call = null) : Statement;

/// <summary>What a statement calls if it is a block's forward pass: the list that the block stands in, the method, the C# of its arguments, and the variables of its results.</summary>
internal sealed record BlockCall(string List, string Method, EquatableArray<string> Arguments, EquatableArray<string> Results);

/// <summary>A loop over blocks.</summary>
internal sealed record LoopStatement(string Variable, string List, EquatableArray<Statement> Body) : Statement;

/// <summary>A decision on hyper-parameters, the block's index, or an optional tensor.</summary>
internal sealed record IfStatement(string Condition, EquatableArray<Statement> Then, EquatableArray<Statement> Else) : Statement;

/// <summary>The result.</summary>
internal sealed record ReturnStatement(string Code) : Statement;
