using ArchGen.Generators.Diagnostics;
using ArchGen.Generators.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ArchGen.Generators.Parsing;

/// <summary>Reads one attributed class into an <see cref="ArchitectureModel"/>. Symbols and syntax end here.</summary>
internal static partial class ArchitectureParser
{
    /// <summary>Reads an architecture out of a compilation that has its forwarded members.</summary>
    public static ArchitectureModel Parse(Compilation compilation, INamedTypeSymbol type, CancellationToken cancellation)
    {
        var attribute = type.Attribute(KnownNames.Architecture)!;
        var diagnostics = new List<DiagnosticModel>();
        var isReadable = CheckClass(compilation, type, diagnostics);
        var model = type.IsStatic || type.IsFileLocal ? Empty(type, attribute)
            : ParseModel(compilation, type, attribute, isReadable, diagnostics, cancellation);
        return model with { Diagnostics = Joined(type, diagnostics).ToEquatable() };
    }

    /// <summary>
    /// Whether the class can be an architecture at all; if not, what is wrong within it may follow from that. Code is emitted into it all the same, also
    /// where it is not partial: the compiler then says so once, instead of missing every member.
    /// </summary>
    private static bool CheckClass(Compilation compilation, INamedTypeSymbol type, List<DiagnosticModel> diagnostics)
    {
        var problems = NestedBlocks(type).Prepend(type).Where(t => !IsPartial(t)).Select(t => Descriptors.NotPartial.At(t.FirstLocation(), t.Name)).ToList();
        diagnostics.AddRange(problems);
        if (PlaceProblem(compilation, type) is not { } problem) return !NestedBlocks(type).Prepend(type).SelectMany(t => t.Chain()).Any(StandInBase.IsUsedBy);
        diagnostics.Add(problem);
        return false;
    }

    /// <summary>What is wrong with a class as the place of an architecture, or null.</summary>
    private static DiagnosticModel? PlaceProblem(Compilation compilation, INamedTypeSymbol type)
    {
        var hasNoBase = StandInBase.IsForNone(type, compilation);
        if (CarriedLanguage.Check(NestedBlocks(type).Prepend(type)) is { } other) return other;
        if (hasNoBase || !type.DerivesFrom(KnownNames.Model)) return Descriptors.NotAModel.At(type.FirstLocation(), type.Name);
        if (type.ContainingType is not null || type.IsGenericType || type.IsFileLocal)
        {
            return Descriptors.NotTopLevel.At(
                type.FirstLocation(), $"'{type.Name}' has [Architecture], so it must be neither nested in another class nor generic nor local to a file");
        }

        return NestedBlocks(type).FirstOrDefault(b => b.IsGenericType) is { } generic
            ? Descriptors.NotTopLevel.At(generic.FirstLocation(), $"'{generic.Name}' is a block, so it must not be generic") : null;
    }

    private static bool IsPartial(INamedTypeSymbol type) =>
        type.DeclaringSyntaxReferences.All(r => r.GetSyntax() is not ClassDeclarationSyntax syntax || syntax.Modifiers.Any(SyntaxKind.PartialKeyword));

    private static IEnumerable<INamedTypeSymbol> NestedBlocks(INamedTypeSymbol type) => type.GetTypeMembers().Where(t => t.DerivesFrom(KnownNames.Block));

    private static ArchitectureModel Empty(INamedTypeSymbol type, AttributeData attribute) =>
        new(Namespace(type), type.Name, FileNames.Clean(attribute.Text()), "", RopeKind.None, default, default, default, default, IsRefused: true,
            type.Chain().Count, default)
        {
            FileName = TypeHeads.FileName(type),
        };

    private static string Namespace(INamedTypeSymbol type) => type.ContainingNamespace.IsGlobalNamespace ? "" : type.ContainingNamespace.ToDisplayString();

    private static ArchitectureModel ParseModel(
        Compilation compilation, INamedTypeSymbol type, AttributeData attribute, bool isReadable, List<DiagnosticModel> diagnostics,
        CancellationToken cancellation)
    {
        Action<DiagnosticModel> report = isReadable ? diagnostics.Add : _ => { };
        var hyperParameters = new HyperParameterTable(compilation, type, report);
        hyperParameters.UseOwnProperties();
        var rope = RopeOf(type);
        var declarations = new DeclarationParser(compilation, type, attribute, hyperParameters, report);
        var root = declarations.Parse(type);
        FileNames.Check(type, report);
        ConfigSources.Check(type, report);
        DeclarationForm.Check(type, report);
        GraphMethods.Check(type, report);
        declarations.CheckRenames();
        CheckReach(compilation, type, root, hyperParameters, report);
        cancellation.ThrowIfCancellationRequested();

        var reader = new ForwardReader(compilation, type, root, hyperParameters, rope, report, cancellation);
        isReadable &= !DeclarationForm.IsBroken(type, isBlock: false)
            && !root.Lists.Values.SelectMany(l => l.Kinds).Any(k => DeclarationForm.IsBroken(k.Type, isBlock: true));
        if (isReadable && diagnostics.Count == 0 && !declarations.IsInvalid) reader.ReadAll();
        UseDimensions(type, root, reader, hyperParameters);
        var isRefused = !isReadable || declarations.IsInvalid || reader.IsRefused || HasErrors(diagnostics);
        HiddenMembers.Check(type, report);
        var conversion = ConversionParser.Parse(type, hyperParameters);
        if (!isRefused)
        {
            // What nothing uses may be what a member uses that hides the one to be overridden.
            var isDecided = !DecidingTensors.Check(type, root, reader, report);
            if (isDecided && !diagnostics.Exists(d => d.Id == Descriptors.HiddenMember.Id)) ReportUnused(type, root, hyperParameters, reader, diagnostics);
            if (!type.IsAbstract)
            {
                ConfiguredActivation.Check(type, reader, diagnostics.Add);
                conversion = ConfiguredActivation.Complete(conversion, reader);
            }

            DropUnused(root, reader);
            foreach (var scope in Scopes(root)) TensorNameTable.Check(scope.Tensors.Values, report);
            CheckpointGaps.Check(type, root, hyperParameters, report);
            ConfigDefaultsParser.Check(type, conversion, report);
            isRefused = HasErrors(diagnostics);
        }

        List<ClassModel> classes = [RootClass(compilation, type, root, isRefused), .. BlockClasses(compilation, type, root, declarations, isRefused),
            .. TurnedClasses(type, root)];
        return ModelOf(type, attribute, rope, hyperParameters, classes, isRefused, conversion);
    }

    private static ArchitectureModel ModelOf(
        INamedTypeSymbol type, AttributeData attribute, RopeKind rope, HyperParameterTable hyperParameters, List<ClassModel> classes, bool isRefused,
        ConversionModel conversion) =>
        new(
            Namespace(type), type.Identifier(), FileNames.Clean(attribute.Text()), Summary(type), rope,
            HuggingFaceClasses(type).Select(FileNames.Clean).ToEquatable(), IgnoredTensors(type).Distinct().ToEquatable(),
            hyperParameters.Models().ToEquatable(), classes.ToEquatable(), isRefused, type.Chain().Count, default)
        {
            Bases = Bases(type).ToEquatable(),
            Conversion = conversion,
            Quantization = Quantization(type).ToEquatable(),
            FileName = TypeHeads.FileName(type),
            Outer = TypeHeads.Outer(type).ToEquatable(),
        };

    /// <summary>The kind of rotation that the nearest class of the chain states.</summary>
    private static RopeKind RopeOf(INamedTypeSymbol type) =>
        (RopeKind)type.Chain().Reverse().Select(t => t.Attribute(KnownNames.Architecture)?.Named<int>("Rope") ?? 0).FirstOrDefault(r => r != 0);

    private static bool HasErrors(IEnumerable<DiagnosticModel> diagnostics) => diagnostics.Any(d => d.IsError);

    /// <summary>
    /// Reports the private members of bases that the loader of the architecture, or of its own blocks, would name, and parts that clash.
    /// </summary>
    private static void CheckReach(Compilation compilation, INamedTypeSymbol type, ClassScope root, HyperParameterTable hyperParameters,
        Action<DiagnosticModel> report)
    {
        PartClashes.Check(type, report);
        var ofModel = root.Lists.Values.SelectMany(l => l.Model.Kinds.Select(k => k.Condition).Append(l.Model.Count).Append(l.Model.Unused))
            .Concat(hyperParameters.Models().Select(h => h.Default));
        new PrivateMembers(type).Check(ofModel.Concat(Expressions(root)), type, report);
        foreach (var block in root.Lists.Values.SelectMany(l => l.Kinds).Where(k => SymbolEqualityComparer.Default.Equals(k.Type.ContainingType, type)))
        {
            new PrivateMembers(block.Type).Check(Expressions(block), type, report);
        }

        CheckTurned(type, root, Expressions, report);
        var declared = type.Chain().SelectMany(t => t.Declared()).Where(p => KnownNames.Declarations.Any(a => p.Attribute(a) is not null));
        foreach (var member in root.Lists.Values.SelectMany(l => l.Kinds).Select(k => k.Type).Concat<ISymbol>(declared).Where(PrivateMembers.IsOfLibrary))
        {
            report(PrivateMembers.Report(member, type));
        }

        static IEnumerable<Expression?> Expressions(ClassScope scope) => scope.Tensors.Values.Select(t => t.Model)
            .SelectMany(t => t.Dims.AsEnumerable<Expression?>().Concat([t.RequiredIf, t.Epsilon, t.TiedTo is null ? null : new NameExpression(t.TiedTo)]))
            .Concat(scope.States.Values.SelectMany(s => s.Model.Dims)).Concat(scope.Caches.Values.SelectMany(c => c.Model.Keys.Concat(c.Model.Values)));
    }

    private static IEnumerable<string> Bases(INamedTypeSymbol type) =>
        type.Chain().Reverse().Skip(1).Select(t => t.Attribute(KnownNames.Architecture)?.Text()).OfType<string>().Select(FileNames.Clean);

    private static IEnumerable<IgnoredTensorsModel> IgnoredTensors(INamedTypeSymbol type) =>
        from declaring in type.Chain()
        from ignored in declaring.Attributes(KnownNames.IgnoredTensors)
        from pattern in HyperParameterTable.SplitAlternatives(ignored.Text())
        where pattern.Length > 0
        select new IgnoredTensorsModel(FileNames.Clean(pattern), FileNames.Clean(ignored.Text(1)));

    private static IEnumerable<SettingModel> Quantization(INamedTypeSymbol type) => type.Attribute(KnownNames.Quantization) is not { } attribute ? []
        : attribute.NamedArguments.Where(a => a.Value.Kind == TypedConstantKind.Primitive)
            .Select(a => new SettingModel(a.Key, new ConstantExpression(a.Value.Value)));

    /// <summary>The classes of transformers of an architecture, then those whose text model it is.</summary>
    public static IEnumerable<string> HuggingFaceClasses(INamedTypeSymbol type) =>
        new[] { KnownNames.HuggingFace, KnownNames.TextOf }.Select(type.Attribute).OfType<AttributeData>().SelectMany(Classes);

    /// <summary>The classes that an attribute names.</summary>
    public static IEnumerable<string> Classes(AttributeData attribute) =>
        attribute.ConstructorArguments.FirstOrDefault() is { Kind: TypedConstantKind.Array, IsNull: false } classes
            ? classes.Values.Select(v => v.Value as string ?? "") : [];

    /// <summary>
    /// The summary of the class, on one line. Read from the text, since a project that writes no documentation file has no documentation to ask for.
    /// </summary>
    private static string Summary(INamedTypeSymbol type)
    {
        var lines = type.DeclaringSyntaxReferences.SelectMany(r => r.GetSyntax().GetLeadingTrivia().ToFullString().Split('\n')).Select(l => l.Trim());
        var xml = string.Join("\n", lines.Where(l => l.StartsWith("///", StringComparison.Ordinal)).Select(l => l.Substring(3)));
        int start = xml.IndexOf("<summary>", StringComparison.Ordinal), end = xml.IndexOf("</summary>", StringComparison.Ordinal);
        return start < 0 || end < start ? "" : string.Join(" ", xml.Substring(start + 9, end - start - 9)
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>An inherited tensor that a variant does not use is none of its tensors: a file that has it is of another architecture.</summary>
    private static void DropUnused(ClassScope root, ForwardReader reader)
    {
        foreach (var scope in Scopes(root))
        {
            foreach (var tensor in scope.Tensors.Values.Where(t => !reader.IsUsed(t.Property)).ToList()) scope.Tensors.Remove(tensor.Property.Name);
        }
    }

    private static void ReportUnused(INamedTypeSymbol type, ClassScope root, HyperParameterTable hyperParameters, ForwardReader reader,
        List<DiagnosticModel> diagnostics)
    {
        foreach (var (name, other, key, location) in hyperParameters.Twins())
            diagnostics.Add(Descriptors.DuplicateName.At(location, other, name, key));
        // What an abstract architecture declares is for its variants.
        if (type.IsAbstract) return;
        foreach (var scope in Scopes(root))
        {
            foreach (var tensor in scope.Tensors.Values)
            {
                if (IsOwn(tensor.Property.ContainingType) && !reader.IsUsed(tensor.Property))
                {
                    diagnostics.Add(Descriptors.TensorUnused.At(tensor.Property.FirstLocation(), $"'{tensor.Property.Name}'", type.Name));
                }
            }

            foreach (var (names, location) in InterfaceMembers.Unused(scope, IsOwn, reader.IsUsed))
            {
                diagnostics.Add(Descriptors.TensorUnused.At(location, names, type.Name));
            }

            var remembered = scope.States.Values.Select(s => ("State", s.Property)).Concat(scope.Caches.Values.Select(c => ("Cache", c.Property)));
            foreach (var (kind, property) in remembered.Where(r => IsOwn(r.Property.ContainingType) && !reader.IsUsed(r.Property)))
            {
                diagnostics.Add(Descriptors.StateUnused.At(property.FirstLocation(), kind, property.Name, type.Name));
            }
        }

        foreach (var (name, location) in hyperParameters.Unread()) diagnostics.Add(Descriptors.HyperParameterUnread.At(location, name, type.Name));

        bool IsOwn(INamedTypeSymbol declaring) =>
            SymbolEqualityComparer.Default.Equals(declaring, type) || SymbolEqualityComparer.Default.Equals(declaring.ContainingType, type);
    }
}
