using System.Reflection;
using System.Text.RegularExpressions;
using ArchGen.EndToEnd.Tests.Cli;
using ArchGen.Fixtures;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace ArchGen.EndToEnd.Tests.Documentation;

/// <summary>The programs of README and docs compile as they stand, and run: each in one folder, with what those before it made.</summary>
public sealed partial class ProgramTests
{
    private const string ImplicitUsings = "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; "
        + "global using System.Threading; global using System.Threading.Tasks;";

    /// <summary>The pages with a program, in the order in which one needs what another makes.</summary>
    private static readonly string[] Pages =
        ["README.md", "docs/scheduling.md", "docs/imatrix.md", "docs/quantization.md", "docs/perplexity.md", "docs/library.md"];

    [Fact]
    public void No_page_is_left_out() => Assert.Equal(
        Pages.Order(StringComparer.Ordinal),
        Directory.GetFiles(Path.Combine(Root(), "docs"), "*.md").Select(p => "docs/" + Path.GetFileName(p)).Append("README.md")
            .Where(p => Programs(p).Count > 0).Order(StringComparer.Ordinal));

    [Fact]
    public void Each_compiles_and_runs()
    {
        using TemporaryFolder folder = new();
        File.Copy(Path.Combine(Root(), "src", "Cli", "Default", "wren-q8_0.gguf"), folder.File("model.gguf"));
        var widened = Archgen.Run("quantize", folder.File("model.gguf"), folder.File("model-f16.gguf"), "F16", "--allow-requantize");
        Assert.True(widened.ExitCode == 0, widened.Error);
        var text = string.Concat(Enumerable.Repeat("Once upon a time there was a small bird. It sang all day, and the sun was warm. ", 80));
        foreach (var name in new[] { "calibration.txt", "wiki.test.raw" }) File.WriteAllText(folder.File(name), text);
        MakeAdapter(folder);
        foreach (var page in Pages)
        {
            foreach (var program in Programs(page))
            {
                var printed = Run(Compile(page, FileName().Replace(program, m => $"@\"{folder.File(m.Groups[1].Value)}\"")));
                Assert.True(printed.Trim().Length > 10, $"{page} prints {printed} for\n{program}");
            }
        }

        var quantized = Archgen.Run("inspect", folder.File("model-q4_k_m.gguf"));
        Assert.True(quantized.ExitCode == 0, quantized.Error);
    }

    /// <summary>A checkpoint, and an adapter with the model that it was made for.</summary>
    private static void MakeAdapter(TemporaryFolder folder)
    {
        using CheckpointFolder checkpoint = new("qwen2"), adapter = new("lora-qwen2");
        Directory.CreateDirectory(folder.File("checkpoint"));
        foreach (var file in Directory.GetFiles(checkpoint.Path)) File.Copy(file, Path.Combine(folder.File("checkpoint"), Path.GetFileName(file)));
        foreach (var command in (string[][])[["convert", checkpoint.Path, "-o", folder.File("base.gguf")],
            ["convert-lora", adapter.Path, "--base", checkpoint.Path, "-o", folder.File("adapter.gguf")]])
        {
            var run = Archgen.Run(command);
            Assert.True(run.ExitCode == 0, run.Error);
        }
    }

    /// <summary>The programs of a page: all that docs/library.md shows, and elsewhere what follows the words "In a program".</summary>
    private static List<string> Programs(string page) =>
        [.. (page == "docs/library.md" ? Block() : Program()).Matches(Read(page)).Select(match => match.Groups[1].Value)];

    private static Assembly Compile(string page, string program)
    {
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Select(p => MetadataReference.CreateFromFile(p));
        var compilation = CSharpCompilation.Create(
            "Program", [CSharpSyntaxTree.ParseText(program, path: page), CSharpSyntaxTree.ParseText(ImplicitUsings)], references,
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
        using MemoryStream image = new();
        var result = compilation.Emit(image);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        return Assembly.Load(image.ToArray());
    }

    private static string Run(Assembly program)
    {
        var console = Console.Out;
        using StringWriter output = new();
        Console.SetOut(output);
        try
        {
            program.EntryPoint!.Invoke(null, [Array.Empty<string>()]);
        }
        finally
        {
            Console.SetOut(console);
        }

        return output.ToString();
    }

    private static string Read(string page) => File.ReadAllText(Path.Combine(Root(), page)).ReplaceLineEndings("\n");

    private static string Root()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "ArchGen.sln"))) directory = directory.Parent!;
        return directory.FullName;
    }

    [GeneratedRegex("In a program[^\n]*\n\n```csharp\n(.*?)```\n", RegexOptions.Singleline)]
    private static partial Regex Program();

    [GeneratedRegex("```csharp\n(.*?)```\n", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex("\"(checkpoint|[\\w.-]+\\.(?:gguf|txt|raw|logits|bin))\"")]
    private static partial Regex FileName();
}
