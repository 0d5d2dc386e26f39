using ArchGen.Generators.Diagnostics;
using ArchGen.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace ArchGen.Generators.Parsing;

/// <summary>The hyper-parameters of an architecture and what is derived from them: which there are, what they stand for, which are used.</summary>
internal sealed partial class HyperParameterTable
{
    private readonly Compilation _compilation;
    private readonly INamedTypeSymbol _model;
    private readonly Action<DiagnosticModel> _report;
    private readonly Dictionary<string, (IPropertySymbol Property, AttributeData Attribute)> _declared = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AttributeData> _restated = new(StringComparer.Ordinal);
    private readonly ILookup<string, AttributeData> _renamed;
    private readonly Dictionary<string, IPropertySymbol> _derived = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Text, bool IsInteger), (ExpressionParser.Result Result, List<string> Names)> _parsed = [];
    private HashSet<string>? _integers, _numbers;
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);
    private readonly HashSet<string> _visiting = new(StringComparer.Ordinal);

    /// <summary>The defaults of those used; null stands for one that is reported.</summary>
    private readonly Dictionary<string, Expression> _defaultValues = new(StringComparer.Ordinal);

    /// <summary>The hyper-parameters whose defaults are being read, each for the sake of the one before it.</summary>
    private readonly List<string> _defaults = [];

    public HyperParameterTable(Compilation compilation, INamedTypeSymbol model, Action<DiagnosticModel> report)
    {
        _compilation = compilation;
        _model = model;
        _report = report;
        _renamed = model.Chain().Reverse().SelectMany(t => t.Attributes(KnownNames.Hf)).ToLookup(a => a.Text(), StringComparer.Ordinal);
        foreach (var type in model.Chain())
        {
            foreach (var property in InterfaceMembers.HyperParametersOf(type))
            {
                if (property.Attribute(KnownNames.HyperParameter) is { } attribute) Declare(property, attribute);
            }

            foreach (var property in InterfaceMembers.Computed(type)) _derived[property.Name] = property;
            RestateDefaults(type);
            foreach (var property in type.GetMembers().OfType<IPropertySymbol>())
            {
                if (property.Attribute(KnownNames.HyperParameter) is { } attribute) Declare(property, attribute);
                else if (IsDerivedScalar(property)) _derived[property.Name] = property;
            }
        }
    }

    /// <summary>The names that a shape may use, in ordinal order.</summary>
    public IEnumerable<string> Names => _declared.Keys.Concat(_derived.Keys).OrderBy(n => n, StringComparer.Ordinal);

    /// <summary>Whether the property is a number, truth value or text computed from hyper-parameters.</summary>
    public static bool IsDerivedScalar(IPropertySymbol property) =>
        property.IsInSource() && property is { IsIndexer: false, SetMethod: null, GetMethod: not null, IsStatic: false }
        && property.Type.SpecialType is SpecialType.System_Int32 or SpecialType.System_Single or SpecialType.System_Boolean or SpecialType.System_String
        && GetterExpression(property) is not null;

    /// <summary>The dimension that a name stands for; it counts as used. Null if there is none of this name.</summary>
    public Dim? Resolve(string name)
    {
        if (_declared.ContainsKey(name))
        {
            Use(name);
            return Dim.Symbol(name);
        }

        return _derived.TryGetValue(name, out var property) ? ResolveDerived(property) : null;
    }

    /// <summary>The GGUF key of a hyper-parameter, or null.</summary>
    public string? KeyOf(string name) => _declared.TryGetValue(name, out var declaration) ? declaration.Attribute.Text() : null;

    /// <summary>Counts a hyper-parameter, and those that its default reads, as used.</summary>
    public void Use(string name)
    {
        if (!_declared.TryGetValue(name, out var declaration) || _uses?.Add(name) is not null) return;
        if (_defaults.Contains(name))
        {
            ReportCircle(name);
            return;
        }

        if (!_used.Add(name) || DefaultOf(name) is not { } text) return;
        _defaults.Add(name);
        _defaultValues[name] = ParseDefault(text, declaration.Property, DefaultLocation(name)) ?? Expression.Null;
        _defaults.Remove(name);
    }

    /// <summary>The dimension of a property computed from hyper-parameters; a name of its own if it is more than arithmetic.</summary>
    public Dim ResolveDerived(IPropertySymbol property)
    {
        if (!_visiting.Add(property.Name)) return Dim.Symbol(property.Name);
        try
        {
            UseAllIn(property);
            return GetterExpression(property) is { } expression && Operation(expression) is { } operation && ReadDim(operation) is { } dim ? dim
                : Dim.Symbol(property.Name);
        }
        finally
        {
            _visiting.Remove(property.Name);
        }
    }

    /// <summary>Counts every hyper-parameter that a property's or method's body reads as used.</summary>
    public void UseAllIn(ISymbol member)
    {
        foreach (var name in ReadBy(member)) Use(name);
    }

    /// <summary>The hyper-parameters that a property's or method's body reads, itself or through computed properties, in the order of reading.</summary>
    private List<string> ReadBy(ISymbol member)
    {
        var names = new List<string>();
        foreach (var reference in member.DeclaringSyntaxReferences)
        {
            var syntax = reference.GetSyntax();
            var model = _compilation.SemanticsOf(syntax.SyntaxTree);
            IntegerDivision.Check(syntax, model, _report);
            foreach (var name in syntax.DescendantNodes().OfType<IdentifierNameSyntax>())
            {
                if (model.GetSymbolInfo(name).Symbol is not IPropertySymbol property) continue;
                if (_declared.ContainsKey(property.Name))
                {
                    names.Add(property.Name);
                }
                else if ((_derived.TryGetValue(property.Name, out var derived) || IsDerivedScalar(derived = property)) && _visiting.Add(property.Name))
                {
                    names.AddRange(ReadBy(derived));
                    _visiting.Remove(property.Name);
                }
            }
        }

        return names;
    }

    /// <summary>Reads an expression of an attribute; reports what is wrong with it.</summary>
    public ExpressionParser.Result? Parse(string text, Location location, int offset = 0, bool isInteger = true)
    {
        if (_parsed.TryGetValue((text, isInteger), out var known))
        {
            foreach (var name in known.Names) Resolve(name);
            return known.Result;
        }

        var names = new List<string>();
        var numbers = isInteger ? _integers ??= [.. Names.Where(IsInteger)] : _numbers ??= [.. Names.Where(IsNumber)];
        var result = ExpressionParser.Parse(_compilation.ExpressionOf(text), text.Length, name =>
        {
            if (!numbers.Contains(name)) return null;
            names.Add(name);
            return Resolve(name);
        });
        if (result.Dim is not null)
        {
            _parsed[(text, isInteger)] = (result, names);
            return result;
        }

        // What has a type that none can have is reported there.
        if (_declared.TryGetValue(result.UnknownName, out var wrong) && !IsType(wrong.Property.Type)) return null;
        if (result.Position < 0)
        {
            _report(Descriptors.MalformedShape.At(location.Within(offset, text.Length), text));
        }
        else
        {
            var place = location.Within(offset + result.Position, result.UnknownName.Length);
            _report(Descriptors.UnknownName.AtUnknown(place, result.UnknownName, numbers, result.UnknownName, _model.Name));
        }

        return null;
    }

    private bool IsInteger(string name) => TypeOf(name) is "int" or "PerLayer<int>";

    /// <summary>Counts what the architecture's own properties read as used: they are there for whoever asks, whether a forward pass does or not.</summary>
    public void UseOwnProperties()
    {
        foreach (var property in _derived.Values.Where(p => SymbolEqualityComparer.Default.Equals(p.ContainingType, _model))) UseAllIn(property);
    }

    /// <summary>Whether a name stands for a number, of one layer or of all.</summary>
    public bool IsNumber(string name) => (_declared.ContainsKey(name) || _derived.ContainsKey(name))
        && TypeOf(name) is "int" or "PerLayer<int>" or "float" or "PerLayer<float>";

    private bool IsOwn(IPropertySymbol property) => SymbolEqualityComparer.Default.Equals(property.ContainingType, _model);

    public static string TypeName(ITypeSymbol type) => type.SpecialType switch
    {
        SpecialType.System_Int32 => "int",
        SpecialType.System_Single => "float",
        SpecialType.System_Boolean => "bool",
        SpecialType.System_String => "string",
        _ => PerLayerType(type) is { } value ? $"PerLayer<{TypeName(value)}>" : type.Name,
    };

    /// <summary>The type of the values of a PerLayer; null if it is none.</summary>
    public static ITypeSymbol? PerLayerType(ITypeSymbol type) =>
        type.Is(KnownNames.PerLayer) ? ((INamedTypeSymbol)type).TypeArguments[0] : null;

    /// <summary>Whether a hyper-parameter may be of a type.</summary>
    public static bool IsType(ITypeSymbol type) => TypeName(type) is "int" or "float" or "bool" or "string" or "PerLayer<int>" or "PerLayer<float>"
        or "PerLayer<bool>" || type.Is(KnownNames.LayerPattern) || type.Is(KnownNames.RopeScaling);

    public static string[] SplitAlternatives(string? names) => names is null ? [] : [.. names.Split('|').Select(n => n.Trim())];

    /// <summary>The expression of a property's getter.</summary>
    public static ExpressionSyntax? GetterExpression(IPropertySymbol property)
    {
        foreach (var reference in property.DeclaringSyntaxReferences)
        {
            if (reference.GetSyntax() is not PropertyDeclarationSyntax syntax) continue;
            if (syntax.ExpressionBody is { } body) return body.Expression;
            if (syntax.AccessorList?.Accessors.FirstOrDefault(a => a.ExpressionBody is not null)?.ExpressionBody is { } accessor) return accessor.Expression;
        }

        return null;
    }

    private string TypeOf(string name) => TypeName(_declared.TryGetValue(name, out var declared) ? declared.Property.Type : _derived[name].Type);

    private IOperation? Operation(ExpressionSyntax expression) => _compilation.SemanticsOf(expression.SyntaxTree).GetOperation(expression);

    private Dim? ReadDim(IOperation operation)
    {
        switch (operation)
        {
            case { ConstantValue: { HasValue: true, Value: int number } }: return number;
            case IConversionOperation conversion: return ReadDim(conversion.Operand);
            case IParenthesizedOperation parenthesized: return ReadDim(parenthesized.Operand);
            case IPropertyReferenceOperation reference: return Resolve(reference.Property.Name);
            case IBinaryOperation binary when ReadDim(binary.LeftOperand) is { } left && ReadDim(binary.RightOperand) is { } right:
                return binary.OperatorKind switch
                {
                    BinaryOperatorKind.Add => left + right,
                    BinaryOperatorKind.Subtract => left - right,
                    BinaryOperatorKind.Multiply => left * right,
                    BinaryOperatorKind.Divide => left / right,
                    _ => null,
                };
            default: return null;
        }
    }
}
