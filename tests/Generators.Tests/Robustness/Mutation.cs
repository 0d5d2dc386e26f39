using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace ArchGen.Generators.Tests.Robustness;

/// <summary>A slip in a declaration, of one kind: where it can be made, and what stands there then.</summary>
internal sealed record Mutation(string Name, Func<SyntaxNode, IEnumerable<(TextSpan Place, string Text)>> Places)
{
    private static readonly string[] Modules = ["RmsNorm", "LayerNorm", "Linear", "Experts", "Weight", "Embedding", "CausalConv", "HeadLinear"];
    private static readonly string[] Scalars = ["int", "float", "bool", "string", "PerLayer<int>", "LayerPattern"];

    public static readonly IReadOnlyList<Mutation> All =
    [
        new("lower case", root => Properties(root).Select(p => Edit(p.Identifier.Span, char.ToLowerInvariant(p.Identifier.Text[0]) + p.Identifier.Text[1..]))),
        new("a setter", root => Properties(root).Where(p => p.AccessorList is not null).Select(p => Edit(p.AccessorList!.Span, "{ get; set; }"))),
        new("static", root => Properties(root).Select(p => Edit(p.Modifiers[0].Span, p.Modifiers[0].Text + " static"))),
        new("required", root => Properties(root).Where(p => p.AccessorList is not null)
            .Select(p => Edit(p.Modifiers[0].Span, p.Modifiers[0].Text + " required"))),
        new("not partial", root => Properties(root).SelectMany(p => p.Modifiers).Where(m => m.IsKind(SyntaxKind.PartialKeyword))
            .Select(m => Edit(m.FullSpan, ""))),
        new("private", root => Members(root).SelectMany(m => m.Modifiers.Take(1))
            .Where(m => m.IsKind(SyntaxKind.ProtectedKeyword) || m.IsKind(SyntaxKind.PublicKeyword)).Select(m => Edit(m.Span, "private"))),
        new("no override or virtual", root => Members(root).SelectMany(m => m.Modifiers)
            .Where(m => m.IsKind(SyntaxKind.OverrideKeyword) || m.IsKind(SyntaxKind.VirtualKeyword)).Select(m => Edit(m.FullSpan, ""))),
        new("another module", root => Properties(root).Where(p => Modules.Contains(p.Type.ToString().TrimEnd('?')))
            .SelectMany(p => Modules.Select(t => Edit(p.Type.Span, t + (p.Type is NullableTypeSyntax ? "?" : ""))))),
        new("another scalar", root => Properties(root).Where(p => Scalars.Contains(p.Type.ToString()))
            .SelectMany(p => Scalars.Select(t => Edit(p.Type.Span, t)))),
        new("nullable or not",
            root => Properties(root).Select(p => Edit(p.Type.Span, p.Type is NullableTypeSyntax n ? n.ElementType.ToString() : p.Type + "?"))),
        new("a constructor", root => root.DescendantNodes().OfType<ClassDeclarationSyntax>().Where(c => c.OpenBraceToken.Span.Length > 0)
            .Select(c => Edit(c.OpenBraceToken.Span, "{ public " + c.Identifier.Text + "(int width) { }"))),
        new("no base", root => root.DescendantNodes().OfType<ClassDeclarationSyntax>().Where(c => c.BaseList is not null)
            .Select(c => Edit(c.BaseList!.FullSpan, "\n"))),
        new("misspelt base", root => root.DescendantNodes().OfType<ClassDeclarationSyntax>().Where(c => c.BaseList is not null)
            .Select(c => Edit(new(c.BaseList!.Types[0].Span.End - 2, 1), ""))),
        new("generic", root => root.DescendantNodes().OfType<ClassDeclarationSyntax>().Select(c => Edit(c.Identifier.Span, c.Identifier.Text + "<T>"))),
        new("another class name", root => root.DescendantNodes().OfType<ClassDeclarationSyntax>()
            .Select(c => Edit(c.Identifier.Span, c.Identifier.Text + "X"))),
        new("an argument less", root => Arguments(root).Where(a => a.NameEquals is not null)
            .Select(a => Edit(new(a.FullSpan.Start - 1, a.FullSpan.Length + 1), ""))),
        new("an argument misspelt", root => Arguments(root).Where(a => a.Expression is LiteralExpressionSyntax { Token.Text.Length: > 3 })
            .Select(a => Edit(new(a.Expression.SpanStart + 2, 1), ""))),
        new("an attribute less", root => root.DescendantNodes().OfType<AttributeListSyntax>().Select(a => Edit(a.Span, ""))),
        new("a member less", root => Members(root).Select(m => Edit(m.Span, ""))),
        new("a member twice", root => Members(root).Select(m => Edit(m.Span, m + "\n" + m))),
    ];

    private static IEnumerable<PropertyDeclarationSyntax> Properties(SyntaxNode root) =>
        root.DescendantNodes().OfType<PropertyDeclarationSyntax>().Where(p => p.AttributeLists.Count > 0 && p.Modifiers.Count > 0);

    private static IEnumerable<MemberDeclarationSyntax> Members(SyntaxNode root) =>
        root.DescendantNodes().OfType<MemberDeclarationSyntax>().Where(m => m is PropertyDeclarationSyntax or MethodDeclarationSyntax);

    private static IEnumerable<AttributeArgumentSyntax> Arguments(SyntaxNode root) => root.DescendantNodes().OfType<AttributeArgumentSyntax>();

    private static (TextSpan Place, string Text) Edit(TextSpan place, string text) => (place, text);
}
