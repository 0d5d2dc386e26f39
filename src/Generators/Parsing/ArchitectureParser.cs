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
        var isReadable = CheckClass(compilation, type, diagnostics);
        var model = type.IsStatic || type.IsFileLocal ? Empty(type, attribute) : ParseModel(compilation, type, attribute, isReadable, diagnostics, cancellation);
        return model with
        {
            Diagnostics = diagnostics.Distinct().GroupBy(MistakeOf).Select(g => g.First()).Select(d => d with
            {
                IsInherited = !IsWithin(type, d),
                Cause = d.Cause is { } cause ? cause with { IsInherited = true } : null,
            }).ToEquatable(),
        };
    }

    /// <summary>What is reported once: a mistake at a place, or a name that is unknown, however often it is written.</summary>
    private static (string, object) MistakeOf(DiagnosticModel report) =>
        report.Id == Descriptors.UnknownName.Id ? (report.Id, report.Arguments[0])
        : report.Id == Descriptors.UnknownMember.Id ? (report.Id, report.Arguments[1])
        : (report.Id, report.Place);

    /// <summary>
    /// Whether the class can be an architecture at all; if not, what is wrong within it may follow from that. Code is emitted into it all the same, also
    /// where it is not partial: the compiler then says so once, instead of missing every member.
    /// </summary>
    private static bool CheckClass(Compilation compilation, INamedTypeSymbol type, List<DiagnosticModel> diagnostics)
    {
        var problems = NestedBlocks(type).Prepend(type).Where(t => !IsPartial(t)).Select(t => Descriptors.NotPartial.At(t.FirstLocation(), t.Name)).ToList();
        diagnostics.AddRange(problems);
        var hasNoBase = StandInBase.IsForNone(type, compilation);
        if (hasNoBase || !type.DerivesFrom(KnownNames.Model)) diagnostics.Add(Descriptors.NotAModel.At(type.FirstLocation(), type.Name));
        else if (type.ContainingType is not null || type.IsGenericType || type.IsFileLocal)
            diagnostics.Add(Descriptors.NotTopLevel.At(type.FirstLocation(), $"'{type.Name}' has [Architecture], so it must be neither nested in another class nor generic nor local to a file"));
        else if (NestedBlocks(type).FirstOrDefault(b => b.IsGenericType) is { } generic)
            diagnostics.Add(Descriptors.NotTopLevel.At(generic.FirstLocation(), $"'{generic.Name}' is a block, so it must not be generic"));
        else return !NestedBlocks(type).Prepend(type).SelectMany(t => t.Chain()).Any(StandInBase.IsUsedBy);
        return false;
    }

    private static bool IsWithin(INamedTypeSymbol type, DiagnosticModel diagnostic) =>
        type.DeclaringSyntaxReferences.Any(r => r.Includes(diagnostic.Place));

    private static bool IsPartial(INamedTypeSymbol type) =>
        type.DeclaringSyntaxReferences.All(r => r.GetSyntax() is not ClassDeclarationSyntax syntax || syntax.Modifiers.Any(SyntaxKind.PartialKeyword));

    private static IEnumerable<INamedTypeSymbol> NestedBlocks(INamedTypeSymbol type) => type.GetTypeMembers().Where(t => t.DerivesFrom(KnownNames.Block));

    private static ArchitectureModel Empty(INamedTypeSymbol type, AttributeData attribute) =>
        new(Namespace(type), type.Name, FileNames.Clean(attribute.Text()), "", "None", default, default, default, default, IsRefused: true,
            type.Chain().Count, default);

    private static string Namespace(INamedTypeSymbol type) => type.ContainingNamespace.IsGlobalNamespace ? "" : type.ContainingNamespace.ToDisplayString();

    private static ArchitectureModel ParseModel(
        Compilation compilation, INamedTypeSymbol type, AttributeData attribute, bool isReadable, List<DiagnosticModel> diagnostics, CancellationToken cancellation)
    {
        Action<DiagnosticModel> report = isReadable ? diagnostics.Add : _ => { };
        var hyperParameters = new HyperParameterTable(compilation, type, report);
        hyperParameters.UseOwnProperties();
        var rope = (RopeKind)attribute.Named<int>("Rope");
        var declarations = new DeclarationParser(compilation, type, attribute, hyperParameters, report);
        var root = declarations.Parse(type);
        FileNames.Check(type, report);
        ConfigSources.Check(type, report);
        DeclarationForm.Check(type, report);
        declarations.CheckRenames();
        CheckReach(compilation, type, root, hyperParameters, report);
        cancellation.ThrowIfCancellationRequested();

        var reader = new ForwardReader(compilation, type, root, hyperParameters, rope, report, cancellation);
        isReadable &= !DeclarationForm.IsBroken(type, isBlock: false) && !root.Lists.Values.SelectMany(l => l.Kinds).Any(k => DeclarationForm.IsBroken(k.Type, isBlock: true));
        if (isReadable && diagnostics.Count == 0 && !declarations.IsInvalid) reader.ReadAll();
        var isRefused = !isReadable || declarations.IsInvalid || reader.IsRefused || HasErrors(diagnostics);
        HiddenMembers.Check(type, report);
        var conversion = ConversionParser.Parse(type, hyperParameters);
        if (!isRefused)
        {
            // What nothing uses may be what a member uses that hides the one to be overridden.
            if (!diagnostics.Exists(d => d.Id == Descriptors.HiddenMember.Id)) ReportUnused(type, root, hyperParameters, reader, diagnostics);
            if (!type.IsAbstract) ConfiguredActivation.Check(type, reader, diagnostics.Add);
            DropUnused(root, reader);
            foreach (var scope in Scopes(root)) TensorNameTable.Check(scope.Tensors.Values, report);
            CheckpointGaps.Check(type, root, hyperParameters, report);
            ConfigDefaultsParser.Check(type, conversion, report);
            isRefused = HasErrors(diagnostics);
        }

        var classes = new List<ClassModel> { RootClass(compilation, type, root, isRefused) };
        classes.AddRange(BlockClasses(compilation, type, root, declarations, isRefused));
        return new ArchitectureModel(
            Namespace(type), type.Identifier(), FileNames.Clean(attribute.Text()), Summary(type), rope.ToString(),
            HuggingFaceClasses(type).Select(FileNames.Clean).ToEquatable(), IgnoredTensors(type).Distinct().ToEquatable(),
            hyperParameters.Models().ToEquatable(), classes.ToEquatable(), isRefused, type.Chain().Count, default)
        {
            Conversion = conversion,
            Quantization = Quantization(type),
            Outer = TypeHeads.Outer(type).ToEquatable(),
        };
    }

    private static bool HasErrors(IEnumerable<DiagnosticModel> diagnostics) => diagnostics.Any(d => d.IsError);

    /// <summary>Reports the private members of bases that the loader of the architecture, or of its own blocks, would name.</summary>
    private static void CheckReach(Compilation compilation, INamedTypeSymbol type, ClassScope root, HyperParameterTable hyperParameters, Action<DiagnosticModel> report)
    {
        var ofModel = root.Lists.Values.SelectMany(l => l.Model.Kinds.Select(k => k.Condition).Append(l.Model.Count).Append(l.Model.Unused)).Concat(hyperParameters.Models().Select(h => h.Default));
        new PrivateMembers(type, compilation).Check(ofModel.Concat(Expressions(root)), type, report);
        foreach (var block in root.Lists.Values.SelectMany(l => l.Kinds).Where(k => SymbolEqualityComparer.Default.Equals(k.Type.ContainingType, type)))
        {
            new PrivateMembers(block.Type, compilation).Check(Expressions(block), type, report);
        }

        static IEnumerable<string?> Expressions(ClassScope scope) => scope.Tensors.Values.Select(t => t.Model)
            .SelectMany(t => new[] { t.DimsCode, t.RequiredIf, t.Epsilon, t.TiedTo }).Concat(scope.States.Values.Select(s => s.Model.DimsCode))
            .Concat(scope.Caches.Values.SelectMany(c => new[] { c.Model.KeysCode, c.Model.ValuesCode }));
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
        return start < 0 || end < start ? "" : string.Join(" ", xml.Substring(start + 9, end - start - 9).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    private static ClassModel RootClass(Compilation compilation, INamedTypeSymbol type, ClassScope scope, bool isRefused) =>
        new(type.Name, Modifiers(type), false, type.IsAbstract || !type.DerivesFrom(KnownNames.Model), type.BaseType?.Attribute(KnownNames.Architecture) is not null, Members(type), default, Tensors(scope), States(scope),
            scope.Lists.Values.Select(WithTensors).ToEquatable(), isRefused ? RefusedFunctions(type) : Functions(scope))
        {
            Caches = Caches(scope),
            Lines = isRefused ? default : scope.Lines.ToEquatable(),
            TypeParameters = TypeHeads.TypeParameters(type),
            Base = StandInBase.IsUsedBy(type) ? type.BaseType!.InFull() : null,
            Makers = CheckpointNames.Makers(type).ToEquatable(),
            Forwards = ForwardedMembers.Missing(type, compilation).ToEquatable(),
            Taken = type.GetMembers().Where(DeclarationForm.IsTaken).Select(m => m.Name).ToEquatable(),
        };

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
    private static IEnumerable<ClassModel> BlockClasses(Compilation compilation, INamedTypeSymbol type, ClassScope root, DeclarationParser declarations, bool isRefused)
    {
        var lists = root.Lists.Values.ToList();
        foreach (var block in NestedBlocks(type).OrderBy(t => t.Chain().Count).ThenBy(t => t.DeclaringSyntaxReferences[0].Span.Start))
        {
            var kind = lists.SelectMany(l => l.Kinds).FirstOrDefault(k => SymbolEqualityComparer.Default.Equals(k.Type, block));
            var scope = kind ?? declarations.Parse(block);
            var functions = kind is not null ? Functions(kind) : AbstractFunctions(block, lists);
            yield return new ClassModel(
                block.Identifier(), Modifiers(block), true, block.IsAbstract, false, Members(block), ForwardedMembers.Of(type, block, compilation).ToEquatable(), Tensors(scope), States(scope), default, functions)
            {
                Caches = Caches(scope),
                TypeParameters = TypeHeads.TypeParameters(block),
                Base = StandInBase.IsUsedBy(block) ? block.BaseType!.InFull() : null,
                Lines = scope.Lines.ToEquatable(),
                TakesStream = block.GetMembers("Forward").OfType<IMethodSymbol>().Count(m => !m.IsOverride && m.IsForwardOfStream()) == 1,
            };
        }
    }

    private static EquatableArray<TensorModel> Tensors(ClassScope scope) => scope.Tensors.Values.Select(t => t.Model).ToEquatable();

    private static EquatableArray<StateModel> States(ClassScope scope) => scope.States.Values.Select(s => s.Model).ToEquatable();

    private static EquatableArray<CacheModel> Caches(ClassScope scope) => scope.Caches.Values.Select(c => c.Model).ToEquatable();

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
            if (DeclarationForm.Unimplemented(property) is not { } syntax || property.Type.IsUnknown()) continue;
            members.Add(new MemberModel(
                string.Join(" ", syntax.Modifiers.Select(m => m.ValueText)), property.Type.InFull(), property.Name, property.NullableAnnotation == NullableAnnotation.Annotated || property.Type.IsValueType)
            {
                Accessors = DeclarationForm.AccessorsOf(syntax),
                IsStatic = property.IsStatic,
                IsKeyword = SyntaxFacts.GetKeywordKind(property.Name) != SyntaxKind.None,
            });
        }

        members.AddRange(InterfaceTensors.Of(type).Select(p => new MemberModel("public", p.Type.InFull(), p.Name, p.NullableAnnotation == NullableAnnotation.Annotated)
        {
            IsKeyword = SyntaxFacts.GetKeywordKind(p.Name) != SyntaxKind.None,
        }));
        return members.ToEquatable();
    }

    private static void ReportUnused(INamedTypeSymbol type, ClassScope root, HyperParameterTable hyperParameters, ForwardReader reader, List<DiagnosticModel> diagnostics)
    {
        foreach (var (name, other, key, location) in hyperParameters.Twins())
            diagnostics.Add(Descriptors.DuplicateName.At(location, other, name, key));
        // What an abstract architecture declares is for its variants.
        if (type.IsAbstract) return;
        foreach (var scope in Scopes(root))
        {
            foreach (var tensor in scope.Tensors.Values)
            {
                if (IsOwn(tensor.Property.ContainingType) && !reader.IsUsed(tensor.Property)) diagnostics.Add(Descriptors.TensorUnused.At(tensor.Property.FirstLocation(), $"'{tensor.Property.Name}'", type.Name));
            }

            foreach (var (names, location) in InterfaceTensors.Unused(scope, IsOwn, reader.IsUsed)) diagnostics.Add(Descriptors.TensorUnused.At(location, names, type.Name));
            foreach (var (kind, property) in scope.States.Values.Select(s => ("State", s.Property)).Concat(scope.Caches.Values.Select(c => ("Cache", c.Property))))
            {
                if (IsOwn(property.ContainingType) && !reader.IsUsed(property)) diagnostics.Add(Descriptors.StateUnused.At(property.FirstLocation(), kind, property.Name, type.Name));
            }
        }

        foreach (var (name, location) in hyperParameters.Unread()) diagnostics.Add(Descriptors.HyperParameterUnread.At(location, name, type.Name));

        bool IsOwn(INamedTypeSymbol declaring) => SymbolEqualityComparer.Default.Equals(declaring, type) || SymbolEqualityComparer.Default.Equals(declaring.ContainingType, type);
    }
}
