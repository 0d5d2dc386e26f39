using ArchGen.Generators.Model;
using Microsoft.CodeAnalysis;

namespace ArchGen.Generators.Parsing;

/// <summary>A declared tensor with what only the transform needs: its symbol and symbolic shape.</summary>
internal sealed class TensorDeclaration(IPropertySymbol property, TensorModel model, Shape shape)
{
    /// <summary>The hyper-parameters that it uses if a forward pass uses it; none for one of the architecture's own, which uses them in any case.</summary>
    public IReadOnlyCollection<string> Uses { get; init; } = [];

    public IPropertySymbol Property { get; } = property;

    public TensorModel Model { get; } = model;

    public Shape Shape { get; } = shape;
}

/// <summary>A declared state.</summary>
internal sealed class StateDeclaration(IPropertySymbol property, StateModel model, Shape shape)
{
    public IPropertySymbol Property { get; } = property;

    public StateModel Model { get; } = model;

    public Shape Shape { get; } = shape;
}

/// <summary>A declared cache with the shapes of one token's keys and values.</summary>
internal sealed class CacheDeclaration(IPropertySymbol property, CacheModel model, Shape keys, Shape values)
{
    public IPropertySymbol Property { get; } = property;

    public CacheModel Model { get; } = model;

    public Shape Keys { get; } = keys;

    public Shape Values { get; } = values;
}

/// <summary>A declared list of blocks and the classes that may stand in it.</summary>
internal sealed class BlockListDeclaration(IPropertySymbol property, BlockListModel model, INamedTypeSymbol elementType, IReadOnlyList<ClassScope> kinds)
{
    public IPropertySymbol Property { get; } = property;

    public BlockListModel Model { get; } = model;

    public INamedTypeSymbol ElementType { get; } = elementType;

    public IReadOnlyList<ClassScope> Kinds { get; } = kinds;
}

/// <summary>A class whose forward pass is read: the model, or a kind of block.</summary>
internal sealed class ClassScope(INamedTypeSymbol type)
{
    public INamedTypeSymbol Type { get; } = type;

    /// <summary>Tensors by property, inherited ones first.</summary>
    public Dictionary<string, TensorDeclaration> Tensors { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, StateDeclaration> States { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, CacheDeclaration> Caches { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, BlockListDeclaration> Lists { get; } = new(StringComparer.Ordinal);

    /// <summary>Where the operations of its forward passes stand.</summary>
    public List<SourceLine> Lines { get; } = [];

    /// <summary>The forward passes read so far, by C# name, with their results.</summary>
    public Dictionary<string, ReadFunction> Functions { get; } = new(StringComparer.Ordinal);
}

/// <summary>A forward pass that was read.</summary>
/// <param name="function">What is emitted for it.</param>
/// <param name="result">What it returns.</param>
/// <param name="losses">For each result and each parameter, the report that the one does not add to the other; null if it does, or is no tensor.</param>
/// <param name="summands">For each result and each parameter, whether the one holds the other as a summand.</param>
internal sealed class ReadFunction(
    GraphFunction function, Value result, IReadOnlyList<IReadOnlyList<DiagnosticModel?>> losses, IReadOnlyList<IReadOnlyList<bool>> summands)
{
    public GraphFunction Function { get; } = function;

    public Value Result { get; } = result;

    /// <summary>Whether it is that of a method that every block has, which no class need declare.</summary>
    public bool IsOfEveryBlock { get; init; }

    public bool IsSummand(int item, int parameter) => item < summands.Count && parameter < summands[item].Count && summands[item][parameter];

    public DiagnosticModel? Loss(int item, int parameter) => item < losses.Count && parameter < losses[item].Count ? losses[item][parameter] : null;
}
