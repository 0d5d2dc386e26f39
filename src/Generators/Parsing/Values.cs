using ArchGen.Generators.Model;
using Microsoft.CodeAnalysis;

namespace ArchGen.Generators.Parsing;

/// <summary>What an expression of a forward pass stands for while the generator reads it. Lives only during the transform.</summary>
internal abstract class Value
{
    /// <summary>Something that was already reported: whatever uses it stays silent.</summary>
    public static readonly Value Error = new ErrorValue();

    private sealed class ErrorValue : Value;
}

/// <summary>A tensor: its symbolic shape, what holds it, and the name that its users' names begin with.</summary>
internal sealed class TensorValue(Shape shape, Expression expression, string id, string baseName, bool isLocal) : Value
{
    /// <summary>A tensor that a variable holds.</summary>
    public TensorValue(Shape shape, string variable, string baseName, bool isLocal)
        : this(shape, new NameExpression(variable), variable, baseName, isLocal)
    {
    }

    public Shape Shape { get; } = shape;

    public Expression Expression { get; } = expression;

    /// <summary>The variable that holds it, or what tells it from all others where none does.</summary>
    public string Id { get; } = id;

    public string BaseName { get; } = baseName;

    /// <summary>Whether it was computed in this function, so that its name says something here.</summary>
    public bool IsLocal { get; } = isLocal;

    /// <summary>Whether it may be null: what goes from block to block and begins as null.</summary>
    public bool MayBeNull { get; init; }
}

/// <summary>A number, truth value or text made of hyper-parameters.</summary>
internal sealed class ScalarValue(Expression expression, Dim? dim = null) : Value
{
    public Expression Expression { get; } = expression;

    public Dim? Dim { get; } = dim;

    /// <summary>Whether it is true, or false, while the graph is read: only one branch is then.</summary>
    public bool? Known => Expression is ConstantExpression { Value: bool flag } ? flag : null;
}

/// <summary>A declared tensor or module; or one of several, which are alike.</summary>
internal sealed class ModuleValue(IReadOnlyList<TensorDeclaration> alternatives, Expression expression) : Value
{
    public ModuleValue(TensorDeclaration declaration, Expression expression)
        : this([declaration], expression)
    {
    }

    /// <summary>Whether a file may lack it, so that its users must ask.</summary>
    public bool MayBeAbsent { get; init; }

    /// <summary>The number of the block that it belongs to, where that is stated: <c>0</c> in <c>Layers[0].Bias</c>.</summary>
    public Expression? Index { get; init; }

    /// <summary>Whether it belongs to a block other than the one that runs.</summary>
    public bool IsForeign { get; init; }

    public IReadOnlyList<TensorDeclaration> Alternatives { get; } = alternatives;

    public TensorDeclaration Declaration => Alternatives[0];

    public Expression Expression { get; } = expression;
}

/// <summary>A declared state.</summary>
internal sealed class StateValue(StateDeclaration declaration) : Value
{
    public StateDeclaration Declaration { get; } = declaration;
}

/// <summary>A declared cache.</summary>
internal sealed class CacheValue(CacheDeclaration declaration) : Value
{
    public CacheDeclaration Declaration { get; } = declaration;
}

/// <summary>A list of blocks.</summary>
internal sealed class BlockListValue(BlockListDeclaration declaration) : Value
{
    public BlockListDeclaration Declaration { get; } = declaration;
}

/// <summary>One block of a list.</summary>
internal sealed class BlockValue(BlockListDeclaration list, Expression expression) : Value
{
    /// <summary>A block that a variable holds.</summary>
    public BlockValue(BlockListDeclaration list, string variable)
        : this(list, new NameExpression(variable))
    {
    }

    /// <summary>Its number in the list, where that is stated.</summary>
    public Expression? Index { get; init; }

    /// <summary>The variable that holds it; null where it is named by its number.</summary>
    public string? Variable => (Expression as NameExpression)?.Identifier;

    public BlockListDeclaration List { get; } = list;

    public Expression Expression { get; } = expression;
}

/// <summary>A local that a loop sets anew in each pass: after the loop there is none.</summary>
/// <param name="loop">The loop, for messages.</param>
internal sealed class LoopValue(string loop) : Value
{
    public string Loop { get; } = loop;
}

/// <summary>The batch's tokens.</summary>
internal sealed class TokensValue(string variable) : Value
{
    public string Variable { get; } = variable;
}

/// <summary>Several values.</summary>
internal sealed class TupleValue(IReadOnlyList<Value> items) : Value
{
    public IReadOnlyList<Value> Items { get; } = items;
}

/// <summary>A function that is passed on: a method's name or a lambda, with the locals of the place where it stands.</summary>
internal sealed class FunctionValue(IOperation target, Dictionary<ISymbol, Value> locals) : Value
{
    public IOperation Target { get; } = target;

    public Dictionary<ISymbol, Value> Locals { get; } = locals;
}

/// <summary>Null: the literal, or what is null for certain.</summary>
internal sealed class NullValue : Value;

/// <summary>The object that the forward pass belongs to.</summary>
internal sealed class SelfValue : Value;

/// <summary>A rotary embedding. Its place is where the class of the function names it, whatever part applies it.</summary>
internal abstract class RotaryValue(IOperation place) : Value
{
    public IOperation Place { get; } = place;

    /// <summary>The same, named elsewhere.</summary>
    public abstract RotaryValue At(IOperation place);
}

/// <summary>The model's rotary embedding, but for what is stated.</summary>
/// <param name="stated">The values of properties, and where they are written.</param>
/// <param name="place">Where it is named.</param>
internal sealed class StatedRotary(IReadOnlyDictionary<string, (Value Value, IOperation Place)> stated, IOperation place) : RotaryValue(place)
{
    public IReadOnlyDictionary<string, (Value Value, IOperation Place)> Stated { get; } = stated;

    /// <summary>Whether nothing is rotated, for certain.</summary>
    public bool IsNone => Stated.TryGetValue("Kind", out var kind)
        && kind.Value is ScalarValue { Expression: MemberExpression { Member: nameof(RopeKind.None) } };

    public override RotaryValue At(IOperation place) => new StatedRotary(Stated, place);
}

/// <summary>One of two rotary embeddings, which a condition decides.</summary>
internal sealed class ChosenRotary(Expression condition, RotaryValue then, RotaryValue otherwise, IOperation place) : RotaryValue(place)
{
    public Expression Condition { get; } = condition;

    public RotaryValue Then { get; } = then;

    public RotaryValue Otherwise { get; } = otherwise;

    public override RotaryValue At(IOperation place) => new ChosenRotary(Condition, Then.At(place), Otherwise.At(place), place);
}
