using System.Collections.Immutable;
using ArchGen.Generators.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace ArchGen.Generators.Tests;

/// <summary>The generator, run on source texts that see the runtime and the language.</summary>
internal sealed class GeneratorRun
{
    private const string GlobalUsings =
        "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; global using System.Threading; global "
            + "using System.Threading.Tasks;";

    internal static readonly CSharpParseOptions Options = new(LanguageVersion.Latest, DocumentationMode.None);

    internal static readonly ImmutableArray<MetadataReference> References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(p => Path.GetFileName(p) is var name
                && (name.StartsWith("System.", StringComparison.Ordinal) || name is "mscorlib.dll" or "netstandard.dll" or "ArchGen.Dsl.dll"))
            .Select(p => MetadataReference.CreateFromFile(p)),
    ];

    internal static readonly CSharpCompilationOptions CompilationOptions =
        new(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable, deterministic: true);

    // What is made of it shares what is known of the references.
    private static readonly CSharpCompilation WithoutFiles = CSharpCompilation.Create(
        "ArchGen.Architectures", [Parse(new SourceFile("GlobalUsings.cs", GlobalUsings))], References, CompilationOptions);

    private readonly GeneratorDriver _driver;
    private readonly CSharpCompilation _input;

    private GeneratorRun(GeneratorDriver driver, CSharpCompilation input)
    {
        _driver = driver.RunGeneratorsAndUpdateCompilation(input, out var output, out _);
        _input = input;
        Output = output;
        Result = _driver.GetRunResult().Results.Single();
    }

    /// <summary>What the compiler makes of the input and all that was generated.</summary>
    public Compilation Output { get; }

    public GeneratorRunResult Result { get; }

    /// <summary>What it was run on.</summary>
    public Compilation Input => _input;

    /// <summary>What the generator reports, in the order of the source.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics =>
        [.. Result.Diagnostics.OrderBy(d => d.Location.GetLineSpan().Path, StringComparer.Ordinal).ThenBy(d => d.Location.SourceSpan.Start)];

    /// <summary>The ids of what the compiler reports as errors.</summary>
    public IReadOnlyList<string> CompilerErrors =>
        [.. CompilerDiagnostics(DiagnosticSeverity.Error).Select(d => d.Id).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The compiler's errors that no author can mend where they stand: in what was generated.</summary>
    public IReadOnlyList<string> ErrorsInGeneratedCode =>
        [.. CompilerDiagnostics(DiagnosticSeverity.Error).Where(d => d.Location.SourceTree is { } tree && !_input.ContainsSyntaxTree(tree))
            .Select(d => d.ToString())];

    /// <summary>
    /// What a build reports, at least as a warning, with the suppressor at work: the compiler's own, and the generator's where no pragma
    /// silences it.
    /// </summary>
    public IReadOnlyList<Diagnostic> Reported
    {
        get
        {
            var all = Output.WithAnalyzers([new CompilerWarningSuppressor()]).GetAllDiagnosticsAsync().GetAwaiter().GetResult();
            var generated = CompilationWithAnalyzers.GetEffectiveDiagnostics(Result.Diagnostics, Output);
            return [.. all.Where(d => d.Severity >= DiagnosticSeverity.Warning).Concat(generated).Where(d => !d.IsSuppressed)];
        }
    }

    /// <summary>Every generated file by name.</summary>
    public IReadOnlyDictionary<string, string> Generated => Result.GeneratedSources.ToDictionary(s => s.HintName, s => s.SourceText.ToString());

    public static GeneratorRun Of(params string[] texts) => Of([.. texts.Select((text, i) => new SourceFile($"File{i}.cs", text))]);

    /// <summary>That of a program in place of a library.</summary>
    public static GeneratorRun Program(string text) => Of([new SourceFile("Program.cs", text)],
        WithoutFiles.WithOptions(CompilationOptions.WithOutputKind(OutputKind.ConsoleApplication)));

    public static GeneratorRun Of(IEnumerable<SourceFile> files, params MetadataReference[] more) => Of(files, WithoutFiles.AssemblyName!, more);

    public static GeneratorRun Of(IEnumerable<SourceFile> files, string assembly, params MetadataReference[] more) =>
        Of(files, (more.Length == 0 ? WithoutFiles : WithoutFiles.AddReferences(more)).WithAssemblyName(assembly));

    private static GeneratorRun Of(IEnumerable<SourceFile> files, CSharpCompilation compilation) => new(
        CSharpGeneratorDriver.Create(
            [new ArchitectureGenerator().AsSourceGenerator()], parseOptions: Options,
            driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true)),
        compilation.AddSyntaxTrees(files.Select(Parse)));

    /// <summary>The same compilation after an edit of one file, given to the same generator.</summary>
    public GeneratorRun Edit(string path, Func<string, string> edit)
    {
        var tree = _input.SyntaxTrees.Single(t => t.FilePath == path);
        var before = tree.GetText().ToString();
        var after = edit(before);
        Assert.NotEqual(before, after);
        return new GeneratorRun(_driver, _input.ReplaceSyntaxTree(tree, Parse(new SourceFile(path, after))));
    }

    /// <summary>The errors and warnings of the compiler itself.</summary>
    public IEnumerable<Diagnostic> CompilerDiagnostics(DiagnosticSeverity least) =>
        Output.GetDiagnostics().Where(d => d.Severity >= least && d.Id.StartsWith("CS", StringComparison.Ordinal));

    /// <summary>Neither the generator nor the compiler has anything to say.</summary>
    public GeneratorRun AssertClean()
    {
        Assert.Null(Result.Exception);
        Assert.Equal([], Result.Diagnostics.Select(d => d.ToString()));
        Assert.Equal([], CompilerDiagnostics(DiagnosticSeverity.Warning).Select(d => d.ToString()));
        return this;
    }

    /// <summary>The compiled assembly, for another compilation to refer to.</summary>
    /// <param name="edit">What becomes of the generated files with the sources that it carries.</param>
    public MetadataReference ToReference(Func<string, string>? edit = null)
    {
        var output = Output;
        foreach (var tree in Output.SyntaxTrees.Where(t => edit is not null && t.FilePath.EndsWith(".Source.g.cs", StringComparison.Ordinal)))
        {
            output = output.ReplaceSyntaxTree(tree, Parse(new SourceFile(tree.FilePath, edit!(tree.ToString()))));
        }

        var stream = new MemoryStream();
        var result = output.Emit(stream);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        stream.Position = 0;
        return MetadataReference.CreateFromStream(stream);
    }

    private static SyntaxTree Parse(SourceFile file) => CSharpSyntaxTree.ParseText(SourceText.From(file.Text, System.Text.Encoding.UTF8), Options, file.Path);
}
