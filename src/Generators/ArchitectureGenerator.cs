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
    /// <summary>The name of the step whose output tests watch.</summary>
    internal const string ModelStep = "Architecture";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var architectures = context.SyntaxProvider
            .ForAttributeWithMetadataName(KnownNames.Architecture, (node, _) => node is ClassDeclarationSyntax, ArchitectureParser.Parse)
            .WithTrackingName(ModelStep);

        context.RegisterSourceOutput(architectures, EmitArchitecture);

        var catalog = architectures
            .Select((model, _) => new CatalogEntry(model.FullName, model.Name, model.Root.IsAbstract || model.HasErrors))
            .Collect()
            .Select((entries, _) => entries.OrderBy(e => e.Name, StringComparer.Ordinal).ThenBy(e => e.Class, StringComparer.Ordinal).ToEquatable());
        var rootNamespace = context.CompilationProvider.Select((compilation, _) => compilation.AssemblyName ?? "Architectures");
        context.RegisterSourceOutput(catalog.Combine(rootNamespace), EmitCatalog);
    }

    private static void EmitArchitecture(SourceProductionContext context, ArchitectureModel model)
    {
        foreach (var diagnostic in model.Diagnostics) context.ReportDiagnostic(diagnostic.ToDiagnostic());
        if (model.Root.Modifiers.Length == 0) return;
        Add("Members", MembersEmitter.Emit(model));
        if (model.Root.IsAbstract) return;
        Add("HyperParameters", HyperParameterEmitter.Emit(model));
        Add("Loader", LoaderEmitter.Emit(model));
        Add("Graph", GraphEmitter.Emit(model));
        Add("TensorNames", TensorNamesEmitter.Emit(model));

        void Add(string artefact, string text) => context.AddSource($"{model.FullName}.{artefact}.g.cs", SourceText.From(text, Encoding.UTF8));
    }

    private static void EmitCatalog(SourceProductionContext context, (EquatableArray<CatalogEntry> Entries, string RootNamespace) input)
    {
        var usable = input.Entries.Where(e => !e.Skip).Select(e => e.Class).ToEquatable();
        if (usable.Count > 0) context.AddSource("Catalog.g.cs", SourceText.From(CatalogEmitter.Emit(input.RootNamespace, usable), Encoding.UTF8));
        foreach (var group in input.Entries.GroupBy(e => e.Name, StringComparer.Ordinal).Where(g => g.Count() > 1))
        {
            context.ReportDiagnostic(Diagnostic.Create(Descriptors.DuplicateArchitecture, Location.None, group.First().Class, group.Last().Class, group.Key));
        }
    }

    private sealed record CatalogEntry(string Class, string Name, bool Skip);
}
