using System.Collections.Immutable;
using System.Text;
using ArchGen.Generators.Diagnostics;
using ArchGen.Generators.Emit;
using ArchGen.Generators.Model;
using ArchGen.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace ArchGen.Generators;

/// <summary>Reads each class with [Architecture], checks it, and emits hyper-parameters, tensor names, loader, graph and members.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class ArchitectureGenerator : IIncrementalGenerator
{
    /// <summary>The names of the steps whose outputs tests watch.</summary>
    internal const string FileStep = "File", ModelStep = "Architecture", CatalogStep = "Catalog", MisplacedStep = "Misplaced";

    private static readonly Encoding Utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var files = context.SyntaxProvider
            .CreateSyntaxProvider((node, _) => DeclarationFile.IsCandidate(node), (syntax, _) => new DeclarationFile(syntax.Node.SyntaxTree, syntax.SemanticModel.Compilation));
        var forwards = files.Select((file, _) => ForwardedMembers.In(file)).Where(text => text.Length > 0).Collect();
        var read = files.Combine(forwards)
            .WithComparer(FileComparer.Instance)
            .Select(((DeclarationFile File, ImmutableArray<string> Forwards) input, CancellationToken cancellation) => input.File.Parse(ForwardedMembers.AddTo(input.File.Compilation, input.Forwards), cancellation))
            .WithTrackingName(FileStep);

        var architectures = read.SelectMany((file, _) => file.Architectures.AsEnumerable()).WithTrackingName(ModelStep);
        context.RegisterSourceOutput(architectures, EmitArchitecture);

        var catalog = architectures
            .Where(model => !model.HasErrors && !model.Root.IsAbstract)
            .Select((model, _) => new CatalogEntry(model.FullName, model.Name))
            .Collect()
            .Select((entries, _) => entries.OrderBy(e => e.Name, StringComparer.Ordinal).ThenBy(e => e.Class, StringComparer.Ordinal).Select(e => e.Class).ToEquatable())
            .WithTrackingName(CatalogStep);
        var rootNamespace = context.CompilationProvider.Select((compilation, _) => compilation.AssemblyName ?? "Architectures");
        context.RegisterSourceOutput(catalog.Combine(rootNamespace), EmitCatalog);

        context.RegisterSourceOutput(read.SelectMany((file, _) => file.Names.AsEnumerable()).Collect(), ReportDuplicates);
        context.RegisterSourceOutput(
            read.SelectMany((file, _) => file.Misplaced.AsEnumerable()).WithTrackingName(MisplacedStep), (output, diagnostic) => output.ReportDiagnostic(diagnostic.ToDiagnostic()));
    }

    private static void EmitArchitecture(SourceProductionContext context, ArchitectureModel model)
    {
        foreach (var diagnostic in model.Diagnostics) context.ReportDiagnostic(diagnostic.ToDiagnostic());
        if (model.Classes.Count == 0) return;
        if (model.Classes.Any(c => c.Members.Count + c.Forwards.Count > 0)) Add("Members", MembersEmitter.Emit(model));
        if (model.Root.IsAbstract) return;
        Add("HyperParameters", HyperParameterEmitter.Emit(model));
        Add("Loader", LoaderEmitter.Emit(model));
        Add("Graph", GraphEmitter.Emit(model));
        Add("TensorNames", TensorNamesEmitter.Emit(model));

        void Add(string artefact, string text) => context.AddSource($"{model.FullName}.{artefact}.g.cs", SourceText.From(text, Utf8));
    }

    private static void EmitCatalog(SourceProductionContext context, (EquatableArray<string> Classes, string RootNamespace) input)
    {
        if (input.Classes.Count > 0) context.AddSource("Catalog.g.cs", SourceText.From(CatalogEmitter.Emit(input.RootNamespace, input.Classes), Utf8));
    }

    private static void ReportDuplicates(SourceProductionContext context, ImmutableArray<ArchitectureName> names)
    {
        foreach (var group in names.GroupBy(n => n.Name, StringComparer.Ordinal))
        {
            var (first, others) = (group.First(), group.Skip(1));
            foreach (var other in others) context.ReportDiagnostic(other.Duplicates(first).ToDiagnostic());
        }
    }

    private sealed record CatalogEntry(string Class, string Name);

    /// <summary>A file's forwarded members depend on no more than the file does, so that those of other files do not make it a new one.</summary>
    private sealed class FileComparer : IEqualityComparer<(DeclarationFile File, ImmutableArray<string> Forwards)>
    {
        public static readonly FileComparer Instance = new();

        public bool Equals((DeclarationFile File, ImmutableArray<string> Forwards) x, (DeclarationFile File, ImmutableArray<string> Forwards) y) => x.File.Equals(y.File);

        public int GetHashCode((DeclarationFile File, ImmutableArray<string> Forwards) input) => input.File.GetHashCode();
    }
}
