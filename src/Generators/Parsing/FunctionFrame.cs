using ArchGen.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace ArchGen.Generators.Parsing;

/// <summary>The state of one function while it is read.</summary>
internal sealed class FunctionFrame(ClassScope self)
{
    private readonly HashSet<string> _variables = new(StringComparer.Ordinal) { "g", "i" };

    private FunctionFrame(FunctionFrame other)
        : this(other.Self)
    {
        Tokens = other.Tokens;
        Locals = new Dictionary<ISymbol, Value>(other.Locals, SymbolEqualityComparer.Default);
        Nodes = new HashSet<string>(other.Nodes, StringComparer.Ordinal);
        Inlining.AddRange(other.Inlining);
        Conditions.AddRange(other.Conditions);
        OpenLoops.UnionWith(other.OpenLoops);
        _variables.UnionWith(other._variables);
    }

    public ClassScope Self { get; } = self;

    public Dim Tokens { get; set; } = Dim.Tokens;

    public Dictionary<ISymbol, Value> Locals { get; set; } = new(SymbolEqualityComparer.Default);

    public List<Statement> Statements { get; set; } = [];

    public List<IMethodSymbol> Inlining { get; } = [];

    public HashSet<string> Nodes { get; set; } = new(StringComparer.Ordinal);

    /// <summary>The locals that a split's parts go to; null for one that is discarded.</summary>
    public IReadOnlyList<(string Name, SyntaxNode Place)?>? PartNames { get; set; }

    /// <summary>Where its values go.</summary>
    public ValueFlow Flow { get; } = new();

    /// <summary>The conditions on the way to what is being read, and whether they hold.</summary>
    public List<(Expression Condition, bool Holds)> Conditions { get; } = [];

    /// <summary>The variables of the loops around what is being read.</summary>
    public HashSet<string> OpenLoops { get; } = new(StringComparer.Ordinal);

    /// <summary>What the function's own body assigns to its parameters, in order.</summary>
    public List<(IParameterSymbol Parameter, SyntaxNode Place, string Variable)> Assignments { get; } = [];

    /// <summary>The expression that the function's own body returned last.</summary>
    public SyntaxNode? Returned { get; set; }

    /// <summary>Where the class of the function calls what is being read, if it is read for a call.</summary>
    public Location? CallLocation { get; set; }

    /// <summary>Where variables came to be that are split into heads.</summary>
    public Dictionary<string, SyntaxNode> SplitsIntoHeads { get; } = new(StringComparer.Ordinal);

    /// <summary>The optional tensor whose member a <c>?.</c> reads.</summary>
    public Value? Accessed { get; set; }

    /// <summary>The same state, without what was written down: to read on and go back.</summary>
    public FunctionFrame Copy() => new(this);

    public void Reserve(string variable) => _variables.Add(variable);

    public void Emit(Statement statement) => Statements.Add(statement);

    public void EmitAssign(string variable, TensorValue value)
    {
        // A block's result goes straight into the variable that carries it.
        switch (Statements.LastOrDefault())
        {
            case CallStatement { Declares: true, Results: { Count: 1 } results } call when results[0] == value.Id:
                Statements[Statements.Count - 1] = call with { Declares = false, Results = new[] { variable }.ToEquatable() };
                break;
            case DeclareStatement { MayBeNull: false, Value: { } copied } declaration when declaration.Variable == value.Id:
                Statements[Statements.Count - 1] = new AssignStatement(variable, copied);
                break;
            default:
                Emit(new AssignStatement(variable, value.Expression));
                break;
        }
    }

    public string Unique(string name)
    {
        var variable = Sanitize(name);
        var unique = variable;
        for (var i = 2; !_variables.Add(unique); i++) unique = variable + "_" + i.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return unique;
    }

    public string UniqueNode(string name)
    {
        var unique = name;
        for (var i = 2; !Nodes.Add(unique); i++) unique = name + " #" + i.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return unique;
    }

    private static string Sanitize(string name)
    {
        var text = string.Concat(name.Select(c => c is ' ' or '.' ? '_' : c).Where(c => char.IsLetterOrDigit(c) || c == '_'));
        if (text.Length == 0 || char.IsDigit(text[0])) return "_" + text;
        return SyntaxFacts.GetKeywordKind(text) != SyntaxKind.None ? "@" + text : text;
    }
}
