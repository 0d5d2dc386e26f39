using ArchGen.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ArchGen.Generators.Parsing;

/// <summary>
/// A file that may declare architectures. Two are equal if nothing that their meaning depends on differs; the compilation is only lent, for the run that
/// read it.
/// </summary>
internal sealed class DeclarationFile(SyntaxTree tree, Compilation compilation) : IEquatable<DeclarationFile>
{
    private readonly SourceContext _context = SourceDependencies.Of(tree, compilation);
    private readonly WeakReference<SyntaxTree> _tree = new(tree);
    private readonly WeakReference<Compilation> _compilation = new(compilation);

    /// <summary>Whether there is a declaration with attributes in it.</summary>
    public static bool IsCandidate(SyntaxNode node) =>
        node is CompilationUnitSyntax unit && unit.DescendantNodes(n => n is not BaseMethodDeclarationSyntax)
            .Any(n => n is MemberDeclarationSyntax { AttributeLists.Count: > 0 });

    public Compilation Compilation => _compilation.TryGetTarget(out var compilation) ? compilation
        : throw new InvalidOperationException("The compilation was lent for one run.");

    private SyntaxNode Root => _tree.TryGetTarget(out var tree) ? tree.GetRoot() : throw new InvalidOperationException("The tree was lent for one run.");

    /// <summary>The classes that are architectures by the usual spelling, whose attributes need no binding for that, or else by binding them.</summary>
    public IEnumerable<INamedTypeSymbol> Candidates()
    {
        foreach (var syntax in Classes.Where(c => c.AttributeLists.Count > 0))
        {
            if (Compilation.SemanticsOf(syntax.SyntaxTree).GetDeclaredSymbol(syntax) is not { } type) continue;
            var isSpelled = type.DeclaringSyntaxReferences.Length == 1
                && syntax.AttributeLists.Any(l => l.Attributes.Any(a => a.Name is IdentifierNameSyntax { Identifier.ValueText: "Architecture" }));
            if (isSpelled || (type.Attribute(KnownNames.Architecture)?.ApplicationSyntaxReference is { } first && IsOf(first, syntax))) yield return type;
        }
    }

    /// <summary>The architectures that this file declares, each where its attribute stands.</summary>
    public IEnumerable<(ClassDeclarationSyntax Syntax, INamedTypeSymbol Type)> Architectures(Compilation compilation)
    {
        SemanticModel? semantics = null;
        foreach (var syntax in Classes)
        {
            if (syntax.AttributeLists.Count == 0) continue;
            semantics ??= compilation.SemanticsOf(syntax.SyntaxTree);
            if (semantics.GetDeclaredSymbol(syntax) is not { } type || type.Attribute(KnownNames.Architecture)?.ApplicationSyntaxReference is not { } first)
            {
                continue;
            }

            // A further declaration of one that has its attribute already is the compiler's to report.
            if (IsOf(first, syntax)) yield return (syntax, type);
        }
    }

    private IEnumerable<ClassDeclarationSyntax> Classes =>
        Root.DescendantNodes(n => n is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax or TypeDeclarationSyntax).OfType<ClassDeclarationSyntax>();

    private static bool IsOf(SyntaxReference attribute, ClassDeclarationSyntax syntax) =>
        attribute.SyntaxTree == syntax.SyntaxTree && syntax.Span.Contains(attribute.Span);

    /// <summary>All that the generator knows of the file.</summary>
    public FileModel Parse(Compilation augmented, CancellationToken cancellation)
    {
        var architectures = Architectures(augmented).ToList();
        return new FileModel(
            architectures.Select(a => ArchitectureParser.Parse(augmented, a.Type, cancellation)).ToEquatable(),
            architectures.SelectMany(a => ArchitectureNames.Of(a.Type)).ToEquatable(),
            MisplacedDeclarations.In(Root, augmented).ToEquatable());
    }

    public bool Equals(DeclarationFile? other) => other is not null && _context.Equals(other._context);

    public override bool Equals(object? obj) => Equals(obj as DeclarationFile);

    public override int GetHashCode() => _context.GetHashCode();
}
