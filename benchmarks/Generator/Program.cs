using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using ArchGen.Generators;
using ArchGen.Generators.Tests;
using ArchGen.Generators.Tests.Scale;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

// Time of the generator over many architectures: dotnet run -c Release --project benchmarks/Generator -- [architectures] [runs] [words of the edit]
// Each figure is what the compiler's driver measures for the generator alone; a build also parses, binds and emits.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var count = args.Length > 0 ? int.Parse(args[0]) : 150;
var runs = args.Length > 1 ? int.Parse(args[1]) : 10;
var only = args.Length > 2 ? args[2] : "";
var files = ManyArchitectures.Of(Project.Declared, count);
var lines = files.Sum(f => f.Text.Count(c => c == '\n'));
Console.WriteLine($"{count} architectures, {lines} lines, {Environment.ProcessorCount} cores; "
    + $"ms, least and median of {runs} runs, and processor time of a whole round");

// A compiler server has compiled before: what is its own is JITted, the generator is not.
_ = new Project(files).Compilation.GetDiagnostics().Length;
Console.WriteLine($"first run in the process, generator not yet JITted   {Cold():f1}");
if (only.Length == 0) Report("cold driver, JIT warm", Cold);
foreach (var edit in MeasuredEdit.All) Edit(edit);
Edit(new("a comment in a file without architectures", Project.Usings, "global using System;", "// A comment.\nglobal using System;"));

double Cold() => new Project(files).Run();

void Edit(MeasuredEdit edit)
{
    if (only.Length > 0 && !edit.What.Contains(only, StringComparison.Ordinal)) return;
    var project = new Project(files);
    project.Run();
    var isDone = false;
    Report(
        $"{edit.What} ({new Project(files).Read(edit)} read)",
        () =>
        {
            project.Replace(edit.Path, (isDone = !isDone) ? edit.Of : edit.Undone);
            return project.Run();
        });
}

void Report(string what, Func<double> measure)
{
    for (var i = 0; i < 4; i++) measure();
    var processor = Environment.CpuUsage.TotalTime;
    var times = Enumerable.Range(0, runs).Select(_ => measure()).Order().ToArray();
    Console.WriteLine($"{what,-64} {times[0],8:f1} {times[runs / 2],8:f1} {(Environment.CpuUsage.TotalTime - processor).TotalMilliseconds / runs,8:f1}");
}

/// <summary>A compilation and the generator that runs on it.</summary>
internal sealed class Project
{
    public const string Usings = "GlobalUsings.cs";

    private static readonly CSharpParseOptions Options = new(LanguageVersion.Latest, DocumentationMode.None);

    private static readonly ImmutableArray<MetadataReference> References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(p => Path.GetFileName(p) is "mscorlib.dll" or "netstandard.dll" or "ArchGen.Dsl.dll"
                || Path.GetFileName(p).StartsWith("System.", StringComparison.Ordinal))
            .Select(p => MetadataReference.CreateFromFile(p)),
    ];

    private GeneratorDriver _driver = DriverOf(tracksSteps: false);

    public Project(IEnumerable<SourceFile> files) => Compilation = CSharpCompilation.Create(
        "ArchGen.Architectures",
        [.. files.Append(new SourceFile(Usings, "global using System; global using System.Collections.Generic; global using System.Linq;")).Select(Parse)],
        References,
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable, deterministic: true));

    public static IReadOnlyList<SourceFile> Declared { get; } =
    [
        .. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Architectures"), "*.cs").Order(StringComparer.Ordinal)
            .Select(p => new SourceFile(Path.GetFileName(p), File.ReadAllText(p))),
    ];

    public CSharpCompilation Compilation { get; private set; }

    public void Replace(string path, Func<string, string> edit)
    {
        var tree = Compilation.SyntaxTrees.Single(t => t.FilePath == path);
        Compilation = Compilation.ReplaceSyntaxTree(tree, Parse(new SourceFile(path, edit(tree.GetText().ToString()))));
    }

    /// <summary>How many files the generator reads again after an edit.</summary>
    public int Read(MeasuredEdit edit)
    {
        _driver = DriverOf(tracksSteps: true);
        Run();
        Replace(edit.Path, edit.Of);
        Run();
        return _driver.GetRunResult().Results[0].TrackedSteps["File"].SelectMany(s => s.Outputs).Count(o => o.Reason != IncrementalStepRunReason.Cached);
    }

    /// <summary>Runs the generator; its own time in milliseconds.</summary>
    public double Run()
    {
        _driver = _driver.RunGenerators(Compilation);
        if (_driver.GetRunResult().Results[0].Exception is { } exception) throw exception;
        return _driver.GetTimingInfo().GeneratorTimes[0].ElapsedTime.TotalMilliseconds;
    }

    private static CSharpGeneratorDriver DriverOf(bool tracksSteps) => CSharpGeneratorDriver.Create(
        [new ArchitectureGenerator().AsSourceGenerator()], parseOptions: Options,
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, tracksSteps));

    private static SyntaxTree Parse(SourceFile file) => CSharpSyntaxTree.ParseText(file.Text, Options, file.Path);
}
