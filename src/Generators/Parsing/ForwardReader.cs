using ArchGen.Generators.Diagnostics;
using ArchGen.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace ArchGen.Generators.Parsing;

/// <summary>
/// Runs the forward passes of an architecture on symbolic shapes, and writes down the operations that they apply.
/// Helpers are inlined, blocks are functions of their own, loops over blocks stay loops, decisions on hyper-parameters stay decisions.
/// </summary>
internal sealed partial class ForwardReader(
    Compilation compilation, INamedTypeSymbol architecture, ClassScope root, HyperParameterTable hyperParameters, RopeKind rope,
    Action<DiagnosticModel> reporter, CancellationToken cancellation)
{
    private const int MaxInlining = 32;

    private readonly HashSet<ISymbol> _used = new(SymbolEqualityComparer.Default);
    private readonly HashSet<(ClassScope Scope, string Member)> _usedBy = [];
    private readonly Dictionary<Op, SyntaxNode> _applied = [];
    private bool _ropeReported;

    /// <summary>Whether something was reported, by this reader or by the compiler: what follows from it stays silent.</summary>
    private bool _isReported;

    /// <summary>The function being read; replaced while a block's is.</summary>
    private FunctionFrame _frame = new(root);

    /// <summary>Whether there is something in a forward pass that the generator or the compiler refuses.</summary>
    public bool IsRefused => _isReported;

    /// <summary>Whether any forward pass uses a tensor or state.</summary>
    public bool IsUsed(IPropertySymbol member) => _used.Contains(member.OriginalDefinition);

    /// <summary>Whether the forward pass of one kind of block uses a tensor.</summary>
    public bool IsUsedBy(ClassScope kind, IPropertySymbol member) => _usedBy.Contains((kind, member.OriginalDefinition.Name));

    /// <summary>The operations that forward passes apply, each with a place where one does: the architecture's own, if there is one.</summary>
    public IReadOnlyDictionary<Op, SyntaxNode> Applied => _applied;

    /// <summary>Reads the model's forward passes, and with them those of its blocks.</summary>
    public void ReadAll()
    {
        if (architecture.IsAbstract) return;
        ReadGraphs();
        ReadHead("Rank", isOfRankers: true);
        ReadHead("Project", isOfRankers: false);
        ReportLosses();
        ReportUnwritten();
    }

    /// <summary>
    /// Reads a head of the pooled row, where there is one: it is checked, and its tensors are used. It runs as written, without a graph.
    /// </summary>
    private void ReadHead(string name, bool isOfRankers)
    {
        var method = architecture.Chain().Reverse().SelectMany(t => t.GetMembers(name)).OfType<IMethodSymbol>().FirstOrDefault(m => m.IsOverride);
        if (method is null || _isReported) return;
        _frame = new FunctionFrame(root) { Tokens = Dim.EncoderTokens };
        if (isOfRankers)
        {
            if (!architecture.AllInterfaces.Any(i => i.Is(KnownNames.RankerSizes)))
            {
                Report(Descriptors.DeclarationForm.At(method.FirstLocation(),
                    $"'{name}' is a ranking head, but nothing says which files of {architecture.Name} are rankers",
                    "let the class name IRankerSizes, or a part that does"));
                return;
            }

            _frame.Conditions.Add((new NameExpression("IsRanker"), true));
            hyperParameters.Use("PoolingType");
        }

        var row = method.Parameters[0].Name;
        _frame.Reserve(row);
        ReadBody(method, [new TensorValue(new Shape(Dim.EncoderTokens, hyperParameters.Resolve("Embd") ?? Dim.Symbol("Embd")), row, row, isLocal: false)]);
    }

    /// <summary>Reads the function of one kind of block, once.</summary>
    private ReadFunction ReadBlockFunction(ClassScope kind, BlockListDeclaration list, IMethodSymbol method, IReadOnlyList<Value> arguments)
    {
        if (kind.Functions.TryGetValue(method.Name, out var known)) return known;
        var outer = _frame;
        _frame = new FunctionFrame(kind) { Tokens = outer.Tokens };
        AssumeKind(kind, list);
        try
        {
            var target = Resolve(method, kind.Type);
            var parameters = new List<Value>();
            for (var i = 0; i < arguments.Count; i++)
            {
                var name = target.Parameters[i].Name;
                _frame.Reserve(name);
                parameters.Add(arguments[i] switch
                {
                    TensorValue tensor => new TensorValue(tensor.Shape, name, name, isLocal: false) { MayBeNull = IsNullable(target.Parameters[i]) },
                    // What may be null says so by its type; the call was checked.
                    ModuleValue module => new ModuleValue(module.Alternatives, new NameExpression(name)) { MayBeAbsent = IsNullable(target.Parameters[i]) },
                    ScalarValue scalar => new ScalarValue(new NameExpression(name), scalar.Dim),
                    BlockValue block => new BlockValue(block.List, name),
                    var other => other,
                });
            }

            var result = ReadBody(target, parameters);
            var isOverride = IsOfEveryBlock(target) || !SymbolEqualityComparer.Default.Equals(kind.Type, list.ElementType);
            string[] modifiers = isOverride ? ["public", "override"] : kind.Type.IsSealed ? ["public"] : ["public", "virtual"];
            return Finish(kind, target, modifiers, result);
        }
        finally
        {
            _frame = outer;
        }
    }

    /// <summary>A kind of block runs where its condition holds, and none of those that are tried before it.</summary>
    private void AssumeKind(ClassScope kind, BlockListDeclaration list)
    {
        for (var i = 0; i < list.Kinds.Count; i++)
        {
            var isThis = ReferenceEquals(list.Kinds[i], kind);
            if (list.Model.Kinds[i].Condition is { } condition) _frame.Conditions.Add((condition, isThis));
            if (isThis) return;
        }
    }

    private ReadFunction Finish(
        ClassScope scope, IMethodSymbol method, string[] modifiers, Value result, string? graph = null, IReadOnlyList<RowsModel?>? rows = null)
    {
        if (result is TensorValue or TupleValue) _frame.Emit(new ReturnStatement(ExpressionOf(result)));
        var results = (result is TupleValue tuple ? tuple.Items : [result]).ToList();
        foreach (var tensor in results.OfType<TensorValue>()) _frame.Flow.Keep(tensor.Id);
        NoteResults();
        NoteSums();
        var summands = results.Select(r => method.Parameters.Select(p => r is TensorValue t && _frame.Flow.Summands(t.Id).Contains(p.Name)).ToList()).ToList();
        var losses = results.Select(r => method.Parameters
            .Select(p => r is TensorValue t && p.Type.Is(KnownNames.TensorType) ? LossOf(t, p) : null).ToList()).ToList();
        var parameters = method.Parameters.Select((p, i) => new ParameterModel(p.Type.InFull(), p.Name) { Rows = rows?[i] });
        var function = new GraphFunction(
            method.Name, modifiers.ToEquatable(), parameters.ToEquatable(), ResultOf(result), _frame.Statements.ToEquatable()) { Graph = graph };
        return scope.Functions[method.Name] = new ReadFunction(function, result, losses, summands) { IsOfEveryBlock = IsOfEveryBlock(method) };
    }

    private Value ReadBody(IMethodSymbol method, IReadOnlyList<Value> arguments)
    {
        cancellation.ThrowIfCancellationRequested();
        if (method.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellation) is not MethodDeclarationSyntax syntax)
        {
            if (method.IsInSource())
            {
                Report(Descriptors.NotAllowed.At(_frame.CallLocation ?? architecture.FirstLocation(), $"'{method.Name}'",
                    "only methods of the class can be called"));
                return Value.Error;
            }

            Report(CarriedLanguage.Missing(method, _frame.CallLocation ?? architecture.FirstLocation()));
            return Value.Error;
        }

        if (syntax.Body is null && syntax.ExpressionBody is null)
        {
            _isReported = true; // By the compiler: nothing implements it.
            return Value.Error;
        }

        if (_frame.Inlining.Contains(method, SymbolEqualityComparer.Default) || _frame.Inlining.Count > MaxInlining)
        {
            Report(Descriptors.Recursion.At(syntax.Identifier.GetLocation(), method.Name));
            return Value.Error;
        }

        var locals = _frame.Locals;
        _frame.Locals = new Dictionary<ISymbol, Value>(SymbolEqualityComparer.Default);
        _frame.Inlining.Add(method);
        try
        {
            for (var i = 0; i < arguments.Count; i++) _frame.Locals[method.Parameters[i]] = arguments[i];
            var semantics = compilation.SemanticsOf(syntax.SyntaxTree);
            var operations = semantics.GetOperation(syntax, cancellation) is IMethodBodyOperation body
                ? (body.BlockBody ?? body.ExpressionBody)?.Operations ?? []
                : [];
            var result = ReadStatements([.. operations], 0);
            return result ?? Value.Error;
        }
        finally
        {
            _frame.Inlining.RemoveAt(_frame.Inlining.Count - 1);
            _frame.Locals = locals;
        }
    }

    private void Report(DiagnosticModel diagnostic)
    {
        _isReported = true;
        reporter(diagnostic);
    }

    private void NotAllowed(IOperation operation, string why) =>
        Report(Descriptors.NotAllowed.At(operation.Syntax.GetLocation(), $"'{OneLine(operation.Syntax)}'", why));

    private static Expression ExpressionOf(Value value) => value switch
    {
        TensorValue tensor => tensor.Expression,
        ModuleValue module => module.Expression,
        ScalarValue scalar => scalar.Expression,
        TokensValue tokens => new NameExpression(tokens.Variable),
        BlockValue block => block.Expression,
        StateValue state => new NameExpression(state.Declaration.Property.Name),
        CacheValue cache => new NameExpression(cache.Declaration.Property.Name),
        TupleValue tuple => new TupleExpression(tuple.Items.Select(ExpressionOf).ToEquatable()),
        _ => Expression.Null,
    };

    private static ResultModel ResultOf(Value value) => value is TupleValue tuple ? new ResultModel(tuple.Items.Select(ResultOf).ToEquatable())
        : ResultModel.Tensor;
}
