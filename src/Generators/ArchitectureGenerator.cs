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

        var parsed = read.SelectMany((file, _) => file.Architectures.AsEnumerable());
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
        context.RegisterSourceOutput(read.SelectMany((file, _) => file.Names.AsEnumerable()).Collect().Combine(context.CompilationProvider), ReportDuplicates);
        context.RegisterSourceOutput(
            read.SelectMany((file, _) => file.Misplaced.AsEnumerable()).WithTrackingName(MisplacedStep).Combine(context.CompilationProvider),
            (output, found) => output.ReportDiagnostic(found.Left.ToDiagnostic(found.Right)));
    }

    private static void EmitArchitecture(SourceProductionContext context, ArchitectureModel model)
    {
        if (model.Classes.Count == 0) return;
        if (model.Classes.Any(c => c.Members.Count + c.Forwards.Count > 0)) Add("Members", MembersEmitter.Emit(model));
        if (model.Root.IsAbstract) return;
        Add("HyperParameters", HyperParameterEmitter.Emit(model));
        Add("Loader", LoaderEmitter.Emit(model));
        var description = Description.Lines(model).ToList();
        Add("Graph", GraphEmitter.Emit(model, description));
        Add("TensorNames", TensorNamesEmitter.Emit(model, description));
        Add("Converter", ConverterEmitter.Emit(model));

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

    /// <summary>A file's forwarded members depend on no more than the file does, so that those of other files do not make it a new one.</summary>
    private sealed class FileComparer : IEqualityComparer<(DeclarationFile File, ImmutableArray<string> Forwards)>
    {
        public static readonly FileComparer Instance = new();

        public bool Equals((DeclarationFile File, ImmutableArray<string> Forwards) x, (DeclarationFile File, ImmutableArray<string> Forwards) y) => x.File.Equals(y.File);

        public int GetHashCode((DeclarationFile File, ImmutableArray<string> Forwards) input) => input.File.GetHashCode();
    }
}
