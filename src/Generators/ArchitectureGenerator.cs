using System.Collections.Immutable;
using System.Text;
using ArchGen.Generators.Diagnostics;
using ArchGen.Generators.Emit;
using ArchGen.Generators.Model;
using ArchGen.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace ArchGen.Generators;

/// <summary>Reads each class with [Architecture], checks it, and emits hyper-parameters, tensor names, loader, graph and members.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class ArchitectureGenerator : IIncrementalGenerator
{
    /// <summary>The names of the steps whose outputs tests watch.</summary>
    internal const string ModelStep = "Architecture", CatalogStep = "Catalog", NameStep = "Name", MisplacedStep = "Misplaced";

    private static readonly Encoding Utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var parsed = context.SyntaxProvider
            .ForAttributeWithMetadataName(KnownNames.Architecture, (node, _) => node is ClassDeclarationSyntax, ArchitectureParser.Parse)
            .Where(model => model is not null)
            .Select((model, _) => model!);
        var architectures = parsed.Select((model, _) => model.WithoutLines()).WithTrackingName(ModelStep);
        context.RegisterSourceOutput(architectures, EmitArchitecture);
        context.RegisterSourceOutput(parsed, EmitLines);
        var diagnostics = architectures.Where(model => model.Diagnostics.Count > 0).Select((model, _) => (model.Depth, model.FullName, model.Diagnostics));
        context.RegisterSourceOutput(diagnostics.Collect().Combine(context.CompilationProvider), Report);

        var catalog = architectures
            .Where(model => !model.HasErrors && !model.Root.IsAbstract)
            .Select((model, _) => new CatalogEntry(model.FullName, model.Name))
            .Collect()
            .Select((entries, _) => entries.OrderBy(e => e.Name, StringComparer.Ordinal).ThenBy(e => e.Class, StringComparer.Ordinal).Select(e => e.Class).ToEquatable())
            .WithTrackingName(CatalogStep);
        var rootNamespace = context.CompilationProvider.Select((compilation, _) => compilation.AssemblyName ?? "Architectures");
        context.RegisterSourceOutput(catalog.Combine(rootNamespace), EmitCatalog);

        // Places of names change with every edit above them, so they stay out of the models.
        var names = context.SyntaxProvider
            .ForAttributeWithMetadataName(KnownNames.Architecture, (node, _) => node is ClassDeclarationSyntax, ArchitectureName.Read)
            .Where(name => name is not null)
            .Select((name, _) => name!)
            .WithTrackingName(NameStep);
        context.RegisterSourceOutput(names.Collect().Combine(context.CompilationProvider), ReportDuplicates);

        foreach (var attribute in MisplacedDeclarations.Attributes)
        {
            var misplaced = context.SyntaxProvider
                .ForAttributeWithMetadataName(attribute, (node, _) => node is PropertyDeclarationSyntax, (syntax, _) => MisplacedDeclarations.Check(syntax))
                .Where(diagnostic => diagnostic is not null)
                .WithTrackingName(MisplacedStep);
            context.RegisterSourceOutput(misplaced.Combine(context.CompilationProvider), (output, found) =>
                output.ReportDiagnostic(found.Left!.ToDiagnostic(found.Right)));
        }
    }

    private static void EmitArchitecture(SourceProductionContext context, ArchitectureModel model)
    {
        if (model.Classes.Count == 0) return;
        if (model.Classes.Any(c => c.Members.Count + c.Forwards.Count > 0)) Add("Members", MembersEmitter.Emit(model));
        if (model.Root.IsAbstract) return;
        Add("HyperParameters", HyperParameterEmitter.Emit(model));
        Add("Loader", LoaderEmitter.Emit(model));
        Add("Graph", GraphEmitter.Emit(model));
        Add("TensorNames", TensorNamesEmitter.Emit(model));

        void Add(string artefact, string text) => context.AddSource($"{model.FullName}.{artefact}.g.cs", SourceText.From(text, Utf8));
    }

    private static void EmitLines(SourceProductionContext context, ArchitectureModel model)
    {
        if (model.Classes.Any(c => c.Lines.Count > 0)) context.AddSource($"{model.FullName}.SourceLines.g.cs", SourceText.From(SourceLinesEmitter.Emit(model), Utf8));
    }

    /// <summary>Reports each mistake once: variants find those of their base too, and the base's own words are the ones to read.</summary>
    private static void Report(SourceProductionContext context,
        (ImmutableArray<(int Depth, string FullName, EquatableArray<DiagnosticModel> Diagnostics)> Models, Compilation Compilation) input)
    {
        var reported = new HashSet<(string, string, TextSpan)>();
        foreach (var diagnostic in input.Models.OrderBy(m => m.Depth).ThenBy(m => m.FullName, StringComparer.Ordinal).SelectMany(m => m.Diagnostics))
        {
            if (reported.Add((diagnostic.Id, diagnostic.FilePath, diagnostic.Span))) context.ReportDiagnostic(diagnostic.ToDiagnostic(input.Compilation));
        }
    }

    private static void EmitCatalog(SourceProductionContext context, (EquatableArray<string> Classes, string RootNamespace) input)
    {
        if (input.Classes.Count > 0) context.AddSource("Catalog.g.cs", SourceText.From(CatalogEmitter.Emit(input.RootNamespace, input.Classes), Utf8));
    }

    private static void ReportDuplicates(SourceProductionContext context, (ImmutableArray<ArchitectureName> Names, Compilation Compilation) input)
    {
        foreach (var group in input.Names.GroupBy(n => n.Name, StringComparer.Ordinal))
        {
            var (first, others) = (group.First(), group.Skip(1));
            foreach (var other in others) context.ReportDiagnostic(other.Duplicates(first).ToDiagnostic(input.Compilation));
        }
    }

    private sealed record CatalogEntry(string Class, string Name);
}
