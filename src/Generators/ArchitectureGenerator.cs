using System.Collections.Immutable;
using System.Text;
using ArchGen.Generators.Diagnostics;
using ArchGen.Generators.Emit;
using ArchGen.Generators.Libraries;
using ArchGen.Generators.Model;
using ArchGen.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace ArchGen.Generators;

/// <summary>Reads each class with [Architecture], checks it, and emits hyper-parameters, tensor names, loader, graph and members.</summary>
/// <remarks>
/// Its unit is a file, which is read again only where something changed that it can refer to (<see cref="SourceDependencies"/>);
/// ForAttributeWithMetadataName has the class as its unit, and its transform runs again for each of them at every key stroke in any file.
/// Besides, that method finds attributed classes alone, and declarations on a class without [Architecture] are mistakes to be reported here.
/// </remarks>
[Generator(LanguageNames.CSharp)]
public sealed class ArchitectureGenerator : IIncrementalGenerator
{
    /// <summary>The names of the steps whose outputs tests watch.</summary>
    internal const string FileStep = "File", ModelStep = "Architecture", CatalogStep = "Catalog", MisplacedStep = "Misplaced",
        SourceStep = "Source";

    private static readonly Encoding Utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var files = context.SyntaxProvider
            .CreateSyntaxProvider((node, _) => DeclarationFile.IsCandidate(node),
                (syntax, _) => new DeclarationFile(syntax.Node.SyntaxTree, LibrarySources.AddTo(syntax.SemanticModel.Compilation)));
        var carried = context.CompilationProvider.SelectMany((compilation, _) => LibrarySources.FilesIn(LibrarySources.AddTo(compilation)));
        var forwards = Forwards(files).Combine(Forwards(carried)).Select((texts, _) => texts.Left.AddRange(texts.Right));
        var read = files.Combine(forwards)
            .WithComparer(FileComparer.Instance)
            .Select(((DeclarationFile File, ImmutableArray<string> Forwards) input, CancellationToken cancellation) =>
                input.File.Parse(ForwardedMembers.AddTo(input.File.Compilation, input.Forwards), cancellation))
            .WithTrackingName(FileStep);

        var parsed = read.SelectMany((file, _) => file.Architectures.AsEnumerable());
        var architectures = parsed.Select((model, _) => model.WithoutLines()).WithTrackingName(ModelStep);
        var clashes = architectures.Select((model, _) => model.FileName).Collect().Select((names, _) => FileClashes(names));
        context.RegisterSourceOutput(architectures.Combine(clashes), EmitArchitecture);
        context.RegisterSourceOutput(parsed.Combine(clashes), EmitLines);
        var diagnostics = architectures.Where(model => model.Diagnostics.Count > 0)
            .Select((model, _) => new ModelDiagnostics(model.Depth, model.FullName, model.ClassName, model.Diagnostics));
        context.RegisterSourceOutput(diagnostics.Collect().Combine(context.CompilationProvider), Report);

        var catalog = architectures
            .Where(model => !model.HasErrors && !model.Root.IsAbstract)
            .Select((model, _) => new CatalogEntry(model.FullName, model.Name))
            .Collect()
            .Select((entries, _) => entries.OrderBy(e => e.Name, StringComparer.Ordinal).ThenBy(e => e.Class, StringComparer.Ordinal)
                .Select(e => e.Class).ToEquatable())
            .WithTrackingName(CatalogStep);
        context.RegisterSourceOutput(catalog.Combine(context.CompilationProvider.Select((compilation, _) => CatalogPlaces.Of(compilation))), EmitCatalog);

        var sources = context.CompilationProvider.SelectMany((compilation, _) => CarriedFiles.Of(compilation)).WithTrackingName(SourceStep).Collect();
        context.RegisterSourceOutput(sources.SelectMany((all, _) => Numbered(all)), EmitSource);

        // Places of names change with every edit above them, so they stay out of the models.
        context.RegisterSourceOutput(read.SelectMany((file, _) => file.Names.AsEnumerable()).Collect().Combine(context.CompilationProvider), ReportDuplicates);
        context.RegisterSourceOutput(
            read.SelectMany((file, _) => file.Misplaced.AsEnumerable()).WithTrackingName(MisplacedStep).Combine(context.CompilationProvider),
            (output, found) => output.ReportDiagnostic(found.Left.ToDiagnostic(found.Right)));
    }

    private static IncrementalValueProvider<ImmutableArray<string>> Forwards(IncrementalValuesProvider<DeclarationFile> files) =>
        files.Select((file, _) => ForwardedMembers.In(file)).Where(text => text.Length > 0).Collect();

    /// <summary>The names that files of several classes would begin with: neither the compiler nor every file system tells names by case.</summary>
    private static EquatableArray<string> FileClashes(ImmutableArray<string> names) =>
        names.GroupBy(n => n, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1).SelectMany(g => g)
            .OrderBy(n => n, StringComparer.Ordinal).ToEquatable();

    private static string FileOf(ArchitectureModel model, EquatableArray<string> clashes, string artefact)
    {
        var number = clashes.Where(n => string.Equals(n, model.FileName, StringComparison.OrdinalIgnoreCase)).TakeWhile(n => n != model.FileName).Count();
        return $"{model.FileName}{(number == 0 ? "" : "-" + (number + 1).ToString(System.Globalization.CultureInfo.InvariantCulture))}.{artefact}.g.cs";
    }

    private static void EmitArchitecture(SourceProductionContext context, (ArchitectureModel Model, EquatableArray<string> Clashes) input)
    {
        var model = input.Model;
        if (model.Classes.Count == 0) return;
        if (model.Classes.Any(c => c.HasMembers)) Add("Members", MembersEmitter.Emit(model));
        if (model.Root.IsAbstract)
        {
            if (model.HasErrors && model.Classes.Any(c => !c.IsAbstract)) Add("Loader", LoaderEmitter.Emit(model));
            return;
        }

        Add("HyperParameters", HyperParameterEmitter.Emit(model));
        Add("Loader", LoaderEmitter.Emit(model));
        var description = Description.Lines(model).ToList();
        var flat = FlatListing.Lines(model).ToList();
        Add("Graph", GraphEmitter.Emit(model, flat, description));
        Add("TensorNames", TensorNamesEmitter.Emit(model, flat, description));
        Add("Converter", ConverterEmitter.Emit(model));

        void Add(string artefact, string text) => context.AddSource(FileOf(model, input.Clashes, artefact), SourceText.From(text, Utf8));
    }

    private static void EmitLines(SourceProductionContext context, (ArchitectureModel Model, EquatableArray<string> Clashes) input)
    {
        if (!input.Model.Classes.Any(c => c.Lines.Count > 0)) return;
        context.AddSource(FileOf(input.Model, input.Clashes, "SourceLines"), SourceText.From(SourceLinesEmitter.Emit(input.Model), Utf8));
    }

    private static void Report(SourceProductionContext context, (ImmutableArray<ModelDiagnostics> Models, Compilation Compilation) input)
    {
        foreach (var diagnostic in SharedMistakes.Join(input.Models)) context.ReportDiagnostic(diagnostic.ToDiagnostic(input.Compilation));
    }

    private static void EmitCatalog(SourceProductionContext context, (EquatableArray<string> Classes, CatalogPlace Place) input)
    {
        if (input.Classes.Count == 0 && input.Place.Others.Count == 0) return;
        context.AddSource("Catalog.g.cs", SourceText.From(CatalogEmitter.Emit(input.Place, input.Classes), Utf8));
    }

    /// <summary>Carried files with the names of what is generated: several files may have one name, but for case.</summary>
    private static IEnumerable<(CarriedFile File, string HintName)> Numbered(ImmutableArray<CarriedFile> files) =>
        from same in files.GroupBy(f => Stem(f.Name), StringComparer.OrdinalIgnoreCase)
        from file in same.Select((file, i) => (file, Number: i == 0 ? "" : "+" + (i + 1).ToString(System.Globalization.CultureInfo.InvariantCulture)))
        select (file.file, $"{same.Key}{file.Number}.Source.g.cs");

    private static string Stem(string file) => string.Concat(
        Path.GetFileNameWithoutExtension(file).Select(c => char.IsLetterOrDigit(c) || c is '.' or '_' or '-' ? c : '_'));

    private static void EmitSource(SourceProductionContext context, (CarriedFile File, string HintName) input) =>
        context.AddSource(input.HintName, SourceText.From(CarriedFileEmitter.Emit(input.File), Utf8));

    private static void ReportDuplicates(SourceProductionContext context, (ImmutableArray<ArchitectureName> Names, Compilation Compilation) input)
    {
        foreach (var group in input.Names.GroupBy(n => (n.Claim, n.Name)))
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

        public bool Equals((DeclarationFile File, ImmutableArray<string> Forwards) x, (DeclarationFile File, ImmutableArray<string> Forwards) y) =>
            x.File.Equals(y.File);

        public int GetHashCode((DeclarationFile File, ImmutableArray<string> Forwards) input) => input.File.GetHashCode();
    }
}
