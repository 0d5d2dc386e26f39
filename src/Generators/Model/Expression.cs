namespace ArchGen.Generators.Model;

/// <summary>
/// What generated code computes from tensors, hyper-parameters and numbers, as a tree. How it is written is the business of <c>Notation</c>.
/// </summary>
internal abstract record Expression
{
    /// <summary>The literal null.</summary>
    public static readonly Expression Null = new ConstantExpression(null);

    /// <summary>The condition that always holds.</summary>
    public static readonly Expression True = new ConstantExpression(true);

    /// <summary>The condition that never holds.</summary>
    public static readonly Expression False = new ConstantExpression(false);

    /// <summary>The opposite of a condition.</summary>
    public Expression Negate() => this switch
    {
        ConstantExpression { Value: bool flag } => flag ? False : True,
        PresenceExpression presence => presence with { IsThere = !presence.IsThere },
        UnaryExpression { Operator: UnaryOperator.Not } not => not.Operand,
        _ => new UnaryExpression(UnaryOperator.Not, this),
    };

    /// <summary>The identifiers in it, in order: variables, hyper-parameters, tensors, functions of its own class.</summary>
    public IEnumerable<string> Identifiers() => this switch
    {
        NameExpression name => [name.Identifier],
        MemberExpression member => member.Owner.Identifiers(),
        ElementExpression element => element.List.Identifiers().Concat(element.Index.Identifiers()),
        CallExpression call => (call.Owner?.Identifiers() ?? [call.Function]).Concat(call.Arguments.SelectMany(a => a.Value.Identifiers())),
        UnaryExpression unary => unary.Operand.Identifiers(),
        BinaryExpression binary => binary.Left.Identifiers().Concat(binary.Right.Identifiers()),
        ConditionalExpression choice => choice.Condition.Identifiers().Concat(choice.Then.Identifiers()).Concat(choice.Otherwise.Identifiers()),
        CoalesceExpression coalesce => coalesce.First.Identifiers().Concat(coalesce.Otherwise.Identifiers()),
        PresenceExpression presence => presence.Operand.Identifiers(),
        CastExpression cast => cast.Operand.Identifiers(),
        TupleExpression tuple => tuple.Items.SelectMany(i => i.Identifiers()),
        OperandExpression operand => operand.Value.Identifiers(),
        CacheExpression cache => cache.Value.Identifiers(),
        _ => [],
    };

    /// <summary>The operands of an operation by slot: what the call or operator that applies it is given.</summary>
    public IEnumerable<OperandExpression> Operands() => Given(this).OfType<OperandExpression>().OrderBy(o => o.Slot);

    /// <summary>The declared cache that an attention writes, or reads if it has no keys of its own; null for none.</summary>
    public CacheExpression? Cache() => Given(this).OfType<CacheExpression>().FirstOrDefault();

    private static IEnumerable<Expression> Given(Expression operation) => operation switch
    {
        CallExpression call => call.Arguments.Select(a => a.Value).Concat(call.Owner is null ? [] : [call.Owner]),
        UnaryExpression unary => [unary.Operand],
        BinaryExpression binary => [binary.Left, binary.Right],
        _ => [],
    };

    public static Expression And(Expression left, Expression right) => new BinaryExpression(BinaryOperator.And, left, right);

    public static Expression Add(Expression left, Expression right) => new BinaryExpression(BinaryOperator.Add, left, right);

    /// <summary>A call whose arguments are given by position.</summary>
    /// <param name="owner">The value or type whose method it is; null for one of the class that calls.</param>
    /// <param name="function">The method's name.</param>
    /// <param name="arguments">The arguments.</param>
    public static Expression Call(Expression? owner, string function, params Expression[] arguments) =>
        new CallExpression(owner, function, arguments.Select(a => new ArgumentModel(null, a)).ToEquatable());
}

/// <summary>A number, truth value, text or null.</summary>
internal sealed record ConstantExpression(object? Value) : Expression;

/// <summary>A number of type float, with all the digits that a declaration gives.</summary>
internal sealed record NumeralExpression(string Digits) : Expression;

/// <summary>A variable, a member of the class itself, or a type.</summary>
internal sealed record NameExpression(string Identifier) : Expression;

/// <summary>A property of a value, or a member of a type.</summary>
internal sealed record MemberExpression(Expression Owner, string Member) : Expression;

/// <summary>One of a list.</summary>
internal sealed record ElementExpression(Expression List, Expression Index) : Expression;

/// <summary>A call of an operation or a function.</summary>
internal sealed record CallExpression(Expression? Owner, string Function, EquatableArray<ArgumentModel> Arguments) : Expression;

/// <summary>An argument of a call; the parameter's name where it is given by name.</summary>
internal sealed record ArgumentModel(string? Parameter, Expression Value);

/// <summary>An operator before a value.</summary>
internal sealed record UnaryExpression(UnaryOperator Operator, Expression Operand) : Expression;

/// <summary>An operator between two values.</summary>
internal sealed record BinaryExpression(BinaryOperator Operator, Expression Left, Expression Right) : Expression;

/// <summary>One of two values, as a condition has it.</summary>
internal sealed record ConditionalExpression(Expression Condition, Expression Then, Expression Otherwise) : Expression;

/// <summary>The first of two values, or the second where the first is null.</summary>
internal sealed record CoalesceExpression(Expression First, Expression Otherwise) : Expression;

/// <summary>Whether an optional tensor is there, or is not.</summary>
internal sealed record PresenceExpression(Expression Operand, bool IsThere) : Expression;

/// <summary>A number as another type.</summary>
internal sealed record CastExpression(string Type, Expression Operand) : Expression;

/// <summary>Several values.</summary>
internal sealed record TupleExpression(EquatableArray<Expression> Items) : Expression;

/// <summary>An operand of an operation, where the operation is written.</summary>
/// <param name="Slot">Its place among the operation's operands.</param>
/// <param name="Value">What is written there.</param>
/// <param name="Leaves">The leaves that it may be; none for a variable.</param>
internal sealed record OperandExpression(int Slot, Expression Value, EquatableArray<LeafModel> Leaves) : Expression;

/// <summary>A declared cache that an operation is given.</summary>
/// <param name="Value">What is written there.</param>
/// <param name="Name">The cache's name relative to its block.</param>
/// <param name="IsOfModel">Whether it belongs to the model rather than to the block.</param>
internal sealed record CacheExpression(Expression Value, string Name, bool IsOfModel) : Expression;

/// <summary>A leaf of the graph: a declared tensor or state, or something of the batch.</summary>
/// <param name="Op">Its operation, such as Weight.</param>
/// <param name="Name">Its name relative to its block.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="IsOfModel">Whether it belongs to the model rather than to the block.</param>
internal sealed record LeafModel(Op Op, string Name, Shape Shape, bool IsOfModel);

/// <summary>The operators before a value.</summary>
internal enum UnaryOperator
{
    Not,
    Minus,
}

/// <summary>The operators between two values.</summary>
internal enum BinaryOperator
{
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    And,
    Or,
}
