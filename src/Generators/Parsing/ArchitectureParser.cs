using ArchGen.Generators.Diagnostics;
using ArchGen.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ArchGen.Generators.Parsing;

/// <summary>Reads one attributed class into an <see cref="ArchitectureModel"/>. Symbols and syntax end here.</summary>
internal static class ArchitectureParser
{
    /// <summary>Reads an architecture out of a compilation that has its forwarded members.</summary>
    public static ArchitectureModel Parse(Compilation compilation, INamedTypeSymbol type, CancellationToken cancellation)
    {
        var attribute = type.Attribute(KnownNames.Architecture)!;
        var diagnostics = new List<DiagnosticModel>();
        var model = CheckClass(type, diagnostics) ? ParseModel(compilation, type, attribute, diagnostics, cancellation) : Empty(type, attribute);
        return model with { Diagnostics = diagnostics.Distinct().ToEquatable() };
    }

    /// <summary>Whether code can be emitted into the class at all.</summary>
    private static bool CheckClass(INamedTypeSymbol type, List<DiagnosticModel> diagnostics)
    {
        // Code is emitted into classes that are not partial too: the compiler then says so once, instead of missing every member.
        foreach (var block in NestedBlocks(type).Prepend(type).Where(t => !IsPartial(t))) diagnostics.Add(DiagnosticModel.Create(Descriptors.NotPartial, block.FirstLocation(), block.Name));
        if (!type.DerivesFrom(KnownNames.Model)) diagnostics.Add(DiagnosticModel.Create(Descriptors.NotAModel, type.FirstLocation(), type.Name));
        else if (type.ContainingType is not null || type.IsGenericType) diagnostics.Add(DiagnosticModel.Create(Descriptors.NotTopLevel, type.FirstLocation(), type.Name));
        else return true;
        return false;
    }

    private static bool IsPartial(INamedTypeSymbol type) =>
        type.DeclaringSyntaxReferences.All(r => r.GetSyntax() is not ClassDeclarationSyntax syntax || syntax.Modifiers.Any(SyntaxKind.PartialKeyword));

    private static IEnumerable<INamedTypeSymbol> NestedBlocks(INamedTypeSymbol type) => type.GetTypeMembers().Where(t => t.DerivesFrom(KnownNames.Block));

    private static ArchitectureModel Empty(INamedTypeSymbol type, AttributeData attribute) =>
        new(Namespace(type), type.Name, FileNames.Clean(attribute.Text()), "", "None", default, default, default, default, IsRefused: true,
            type.Chain().Count, default);

    private static string Namespace(INamedTypeSymbol type) => type.ContainingNamespace.IsGlobalNamespace ? "" : type.ContainingNamespace.ToDisplayString();

    private static ArchitectureModel ParseModel(
        Compilation compilation, INamedTypeSymbol type, AttributeData attribute, List<DiagnosticModel> diagnostics, CancellationToken cancellation)
    {
        var hyperParameters = new HyperParameterTable(compilation, type, diagnostics.Add);
        hyperParameters.UseOwnProperties();
        var rope = (RopeKind)attribute.Named<int>("Rope");
        var declarations = new DeclarationParser(compilation, type, attribute, hyperParameters, diagnostics.Add);
        var root = declarations.Parse(type);
        FileNames.Check(type, diagnostics.Add);
        declarations.CheckRenames();
        cancellation.ThrowIfCancellationRequested();

        var reader = new ForwardReader(compilation, type, root, hyperParameters, rope, diagnostics.Add, cancellation);
        if (diagnostics.Count == 0 && !declarations.IsInvalid) reader.ReadAll();
        var isRefused = declarations.IsInvalid || reader.IsRefused || diagnostics.Any(d => Descriptors.Of(d.Id).DefaultSeverity == DiagnosticSeverity.Error);
        var conversion = ConversionParser.Parse(type, hyperParameters);
        if (!isRefused)
        {
            ReportUnused(type, root, hyperParameters, reader, diagnostics);
            if (!type.IsAbstract) ConfiguredActivation.Check(type, reader, diagnostics.Add);
            DropUnused(root, reader);
            foreach (var scope in Scopes(root)) TensorNameTable.Check(scope.Tensors.Values, diagnostics.Add);
            ConfigDefaultsParser.Check(type, conversion, diagnostics.Add);
            isRefused = diagnostics.Any(d => Descriptors.Of(d.Id).DefaultSeverity == DiagnosticSeverity.Error);
        }

        HiddenMembers.Check(type, diagnostics.Add);
        var classes = new List<ClassModel> { RootClass(type, root, isRefused) };
        classes.AddRange(BlockClasses(type, root, declarations));
        return new ArchitectureModel(
            Namespace(type), type.Name, FileNames.Clean(attribute.Text()), Summary(type), rope.ToString(),
            HuggingFaceClasses(type).Select(FileNames.Clean).ToEquatable(), IgnoredTensors(type).Distinct().ToEquatable(),
            hyperParameters.Models().ToEquatable(), classes.ToEquatable(), isRefused, type.Chain().Count, default)
        {
            Conversion = conversion,
            Quantization = Quantization(type),
        };
    }

    private const string LeftOut = "llama.cpp leaves these scales out, and files are made for it";

    private static IEnumerable<IgnoredTensorsModel> IgnoredTensors(INamedTypeSymbol type) =>
        from declaring in type.Chain()
        from ignored in declaring.Attributes(KnownNames.IgnoredTensors).Select(a => (Patterns: a.Text(), Suffix: "", Reason: a.Text(1)))
            .Append((Patterns: declaring.Attribute(KnownNames.Architecture)?.Named<string>("IgnoredScales") ?? "", Suffix: ".scale", Reason: LeftOut))
        where ignored.Patterns.Length > 0
        from pattern in HyperParameterTable.SplitAlternatives(ignored.Patterns)
        select new IgnoredTensorsModel(FileNames.Clean(pattern + ignored.Suffix), FileNames.Clean(ignored.Reason));

    private static string Quantization(INamedTypeSymbol type) => type.Attribute(KnownNames.Quantization) is { } attribute
        ? string.Join(
            ", ", attribute.NamedArguments.Where(a => a.Value.Kind == TypedConstantKind.Primitive).Select(a => $"{a.Key} = {a.Value.ToCSharpString()}"))
        : "";

    public static IEnumerable<string> HuggingFaceClasses(INamedTypeSymbol type) =>
        type.Attribute(KnownNames.HuggingFace)?.ConstructorArguments.FirstOrDefault() is { Kind: TypedConstantKind.Array, IsNull: false } classes ? classes.Values.Select(v => v.Value as string ?? "") : [];

    /// <summary>The summary of the class, on one line. Read from the text, since a project that writes no documentation file has no documentation to ask for.</summary>
    private static string Summary(INamedTypeSymbol type)
    {
        var lines = type.DeclaringSyntaxReferences.SelectMany(r => r.GetSyntax().GetLeadingTrivia().ToFullString().Split('\n')).Select(l => l.Trim());
        var xml = string.Join("\n", lines.Where(l => l.StartsWith("///", StringComparison.Ordinal)).Select(l => l.Substring(3)));
        int start = xml.IndexOf("<summary>", StringComparison.Ordinal), end = xml.IndexOf("</summary>", StringComparison.Ordinal);
        return start < 0 || end < start ? "" : string.Join(" ", xml.Substring(start + 9, end - start - 9).Split([' ', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries));
    }

    private static ClassModel RootClass(INamedTypeSymbol type, ClassScope scope, bool isRefused) =>
        new(type.Name, Modifiers(type), false, type.IsAbstract, type.BaseType?.Attribute(KnownNames.Architecture) is not null, Members(type), default, Tensors(scope), States(scope),
            scope.Lists.Values.Select(WithTensors).ToEquatable(), isRefused ? RefusedFunctions(type) : Functions(scope))
        { Lines = isRefused ? default : scope.Lines.ToEquatable() };

    /// <summary>What the base demands, so that a mistake does not entail the compiler's complaint that it is missing.</summary>
    private static EquatableArray<GraphFunction> RefusedFunctions(INamedTypeSymbol type) => type.IsAbstract
        ? default
        : type.Chain().SelectMany(t => t.GetMembers()).OfType<IMethodSymbol>()
            .Where(m => m is { IsAbstract: true, ReturnType.Name: "Tensor", Name: "BuildEncode" or "BuildForward" })
            .Select(m => new GraphFunction(
                m.Name.Substring("Build".Length), "protected override",
                m.Parameters.Skip(1).Select(p => new ParameterModel(p.Type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat), p.Name)).ToEquatable(), "Tensor", default(EquatableArray<Statement>)))
            .ToEquatable();

    private static BlockListModel WithTensors(BlockListDeclaration list) =>
        list.Model with { Kinds = list.Model.Kinds.Select((kind, i) => kind with { Tensors = Tensors(list.Kinds[i]), Functions = Functions(list.Kinds[i]) }).ToEquatable() };

    /// <summary>The architecture and its kinds of block.</summary>
    private static IEnumerable<ClassScope> Scopes(ClassScope root) => root.Lists.Values.SelectMany(l => l.Kinds).Prepend(root);

    /// <summary>An inherited tensor that a variant does not use is none of its tensors: a file that has it is of another architecture.</summary>
    private static void DropUnused(ClassScope root, ForwardReader reader)
    {
        foreach (var scope in Scopes(root))
        {
            foreach (var tensor in scope.Tensors.Values.Where(t => !reader.IsUsed(t.Property)).ToList()) scope.Tensors.Remove(tensor.Property.Name);
        }
    }

    /// <summary>The block classes nested in this architecture; those of its bases are emitted with the bases.</summary>
    private static IEnumerable<ClassModel> BlockClasses(INamedTypeSymbol type, ClassScope root, DeclarationParser declarations)
    {
        var lists = root.Lists.Values.ToList();
        foreach (var block in NestedBlocks(type).OrderBy(t => t.Chain().Count).ThenBy(t => t.DeclaringSyntaxReferences[0].Span.Start))
        {
            var kind = lists.SelectMany(l => l.Kinds).FirstOrDefault(k => SymbolEqualityComparer.Default.Equals(k.Type, block));
            var scope = kind ?? declarations.Parse(block);
            var functions = kind is not null ? Functions(kind) : AbstractFunctions(block, lists);
            yield return new ClassModel(
                block.Name, Modifiers(block), true, block.IsAbstract, false, Members(block), ForwardedMembers.Of(type, block).ToEquatable(), Tensors(scope), States(scope), default, functions)
            {
                Lines = scope.Lines.ToEquatable(),
                TakesStream = block.GetMembers("Forward").OfType<IMethodSymbol>().Any(m => !m.IsOverride && m.IsForwardOfStream()),
            };
        }
    }

    private static EquatableArray<TensorModel> Tensors(ClassScope scope) => scope.Tensors.Values.Select(t => t.Model).ToEquatable();

    private static EquatableArray<StateModel> States(ClassScope scope) => scope.States.Values.Select(s => s.Model).ToEquatable();

    private static EquatableArray<GraphFunction> Functions(ClassScope scope) => scope.Functions.Values.Select(f => f.Function).ToEquatable();

    /// <summary>What the element type of a list declares so that its kinds can override it.</summary>
    private static EquatableArray<GraphFunction> AbstractFunctions(INamedTypeSymbol block, IEnumerable<BlockListDeclaration> lists)
    {
        var list = lists.FirstOrDefault(l => SymbolEqualityComparer.Default.Equals(l.ElementType, block));
        return list is null
            ? default
            : list.Kinds.Take(1).SelectMany(k => k.Functions.Values).Where(f => !f.IsOfEveryBlock).Select(f => f.Function with { Modifiers = "public abstract", Body = null }).ToEquatable();
    }

    private static string Modifiers(INamedTypeSymbol type) =>
        type.DeclaringSyntaxReferences.Select(r => r.GetSyntax()).OfType<ClassDeclarationSyntax>().FirstOrDefault() is { } syntax
            ? string.Join(" ", syntax.Modifiers.Where(m => !m.IsKind(SyntaxKind.PartialKeyword)).Select(m => m.ValueText))
            : "";

    private static EquatableArray<MemberModel> Members(INamedTypeSymbol type)
    {
        var members = new List<MemberModel>();
        foreach (var property in type.GetMembers().OfType<IPropertySymbol>())
        {
            if (property.DeclaringSyntaxReferences.Length == 0 || property.DeclaringSyntaxReferences[0].GetSyntax() is not PropertyDeclarationSyntax syntax) continue;
            if (!syntax.Modifiers.Any(SyntaxKind.PartialKeyword)) continue;
            if (property.Attribute(KnownNames.Tensor) is null && property.Attribute(KnownNames.State) is null
                && property.Attribute(KnownNames.Blocks) is null && property.Attribute(KnownNames.HyperParameter) is null) continue;
            var typeName = property.Type.InFull();
            members.Add(new MemberModel(
                string.Join(" ", syntax.Modifiers.Select(m => m.ValueText)), typeName, property.Name, property.NullableAnnotation == NullableAnnotation.Annotated || property.Type.IsValueType));
        }

        members.AddRange(InterfaceTensors.Of(type).Select(p => new MemberModel("public", p.Type.InFull(), p.Name, p.NullableAnnotation == NullableAnnotation.Annotated)));
        return members.ToEquatable();
    }

    private static void ReportUnused(INamedTypeSymbol type, ClassScope root, HyperParameterTable hyperParameters, ForwardReader reader, List<DiagnosticModel> diagnostics)
    {
        foreach (var (name, other, key, location) in hyperParameters.Twins())
            diagnostics.Add(DiagnosticModel.Create(Descriptors.DuplicateName, location, other, name, key));
        // What an abstract architecture declares is for its variants.
        if (type.IsAbstract) return;
        foreach (var scope in Scopes(root))
        {
            foreach (var tensor in scope.Tensors.Values)
            {
                if (IsOwn(tensor.Property.ContainingType) && !reader.IsUsed(tensor.Property)) diagnostics.Add(DiagnosticModel.Create(Descriptors.TensorUnused, tensor.Property.FirstLocation(), $"'{tensor.Property.Name}'", type.Name));
            }

            foreach (var (names, location) in InterfaceTensors.Unused(scope, IsOwn, reader.IsUsed)) diagnostics.Add(DiagnosticModel.Create(Descriptors.TensorUnused, location, names, type.Name));
            foreach (var state in scope.States.Values)
            {
                if (IsOwn(state.Property.ContainingType) && !reader.IsUsed(state.Property)) diagnostics.Add(DiagnosticModel.Create(Descriptors.StateUnused, state.Property.FirstLocation(), state.Property.Name, type.Name));
            }
        }

        foreach (var (name, location) in hyperParameters.Unread()) diagnostics.Add(DiagnosticModel.Create(Descriptors.HyperParameterUnread, location, name, type.Name));

        bool IsOwn(INamedTypeSymbol declaring) => SymbolEqualityComparer.Default.Equals(declaring, type) || SymbolEqualityComparer.Default.Equals(declaring.ContainingType, type);
    }
}
