extern alias Generators;

using System.Reflection;
using ArchGen.Fixtures;
using ArchGen.Gguf.Checkpoints;
using ArchGen.Tools.Scaffolding;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using ArchitectureGenerator = Generators::ArchGen.Generators.ArchitectureGenerator;

namespace ArchGen.EndToEnd.Tests.Scaffolding;

/// <summary>The drafts compile with the generator, and their checkpoints are read by them.</summary>
public sealed class CompiledDraftTests
{
    private static readonly CSharpParseOptions Options = new(LanguageVersion.Latest, DocumentationMode.None);

    // Together with the architectures, of which variants derive.
    private static readonly Lazy<(IReadOnlyList<Diagnostic> Found, Assembly? Assembly)> Compiled = new(Compile);

    [Fact]
    public void Every_draft_compiles()
    {
        Write();
        var errors = Compiled.Value.Found.Where(d => d.Severity == DiagnosticSeverity.Error).Select(d => d.ToString()).ToList();
        Assert.True(errors.Count == 0, $"{errors.Count}:\n{string.Join('\n', errors.Take(40))}");
    }

    /// <summary>What the generator warns of are tensors that no rule places, and no other mistakes.</summary>
    [Fact]
    public void Warnings_are_about_tensors_without_a_place()
    {
        var warnings = Compiled.Value.Found.Where(d => d.Severity == DiagnosticSeverity.Warning
            && d.Location.SourceTree?.FilePath.StartsWith("draft", StringComparison.Ordinal) == true);
        Assert.Equal(["ARCH0007"], warnings.Select(d => d.Id).Distinct());
    }

    /// <summary>
    /// Conversion finds every tensor of the checkpoint by the draft's names and shapes, but for those that the draft asks about: what no forward pass reads
    /// is no tensor of the file yet.
    /// </summary>
    [Fact]
    public void The_checkpoints_are_read_by_their_drafts()
    {
        Assert.NotNull(Compiled.Value.Assembly);
        var catalog = (IReadOnlyList<ArchitectureInfo>)Compiled.Value.Assembly.GetType("ArchGen.Drafts.Catalog")!.GetProperty("All")!.GetValue(null)!;
        var problems = new List<string>();
        var read = 0;
        foreach (var draft in Draft.All)
        {
            using var files = new CheckpointFolder(draft.Checkpoint, draft.Folder);
            var own = catalog.Single(a => a.HuggingFaceClasses.Contains(draft.Scaffold.ClaimedClass) && a.Create().GetType().Name == draft.Scaffold.Name);
            using var checkpoint = Checkpoint.Open(files.Path);
            try
            {
                Nearest.Bind(checkpoint, own, draft.Scaffold.ClaimedClass);
                read++;
            }
            catch (Exception error) when (error is ArchGenException or InvalidOperationException or ShapeException)
            {
                var asked = draft.Scaffold.Text.Contains("// Question: where do", StringComparison.Ordinal);
                var asksOfLists = draft.Scaffold.Questions.Any(q => q.Contains("is a list", StringComparison.Ordinal));
                var lines = error.Message.Split('\n').Skip(1).SkipLast(1).Where(line => !asked || !line.StartsWith("  extra ", StringComparison.Ordinal))
                    .Where(line => !asksOfLists || !line.Contains(" is a list, but ", StringComparison.Ordinal)).ToList();
                if (lines.Count > 0 || error is InvalidOperationException) problems.Add($"{draft.Checkpoint}: {error.Message}");
            }
        }

        Assert.True(read > 85, $"{read}");
        Assert.True(problems.Count == 0, $"{problems.Count} of {Draft.All.Count}:\n{string.Join('\n', problems)}");
    }

    private static void Write()
    {
        if (Environment.GetEnvironmentVariable("ARCHGEN_DRAFTS") is not { } folder) return;
        Directory.CreateDirectory(folder);
        foreach (var draft in Draft.All) File.WriteAllText(Path.Combine(folder, draft.Checkpoint + ".cs"), draft.Scaffold.Text);
    }

    private static (IReadOnlyList<Diagnostic> Found, Assembly? Assembly) Compile()
    {
        var architectures = Directory.GetFiles(Path.Combine(SharedFixtures.Root, "architectures"), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Select(path => (Path: path, Text: File.ReadAllText(path)));
        var files = architectures.Concat(Draft.All.Select(d => (Path: $"draft {d.Checkpoint}.cs", d.Scaffold.Text)))
            .Append((Path: "draft plain.cs", Text: ProjectScaffold.Files("PlainDraft", null, "0.1.0")[^1].Text))
            .Append((Path: "usings.cs", Text: "global using System; global using System.Collections.Generic; global using System.Linq;"));
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(p => Path.GetFileName(p) is var name
                && (name.StartsWith("System.", StringComparison.Ordinal) || name is "mscorlib.dll" or "netstandard.dll" or "ArchGen.Dsl.dll"))
            .Select(p => MetadataReference.CreateFromFile(p));
        var input = CSharpCompilation.Create(
            "ArchGen.Drafts", files.Select(f => CSharpSyntaxTree.ParseText(f.Text, Options, f.Path)), references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        CSharpGeneratorDriver.Create([new ArchitectureGenerator().AsSourceGenerator()], parseOptions: Options)
            .RunGeneratorsAndUpdateCompilation(input, out var output, out var reported);
        using var image = new MemoryStream();
        var result = output.Emit(image);
        var found = result.Diagnostics.Where(d => d.Severity >= DiagnosticSeverity.Warning);
        return ([.. reported, .. found], result.Success ? Assembly.Load(image.ToArray()) : null);
    }
}
