using System.Runtime.InteropServices;
using ArchGen.Fixtures;
using Quill = ArchGen.Tutorial.Tests.Tutorial;

namespace ArchGen.Packages.Tests;

/// <summary>The tutorial's model in an empty folder outside the repository, with nothing but the packages.</summary>
public sealed class QuillTests(PackedPackages packages)
{
    private const double Bar = 1e-8;

    [Fact]
    public void The_model_converts_and_gives_its_authors_logits()
    {
        var program = packages.Quill;
        program.Run("convert", Quill.Checkpoint(), "--outfile", "quill.gguf").Done();
        AssertLogits(program, options => program.Run(options));
        AssertGraph(program.Run("graph", "quill").Done().Out);
        Assert.Contains("\nllama ", program.Run("architectures").Done().Out, StringComparison.Ordinal);
    }

    [Fact]
    public void It_does_so_when_compiled_ahead_of_time()
    {
        Assert.SkipUnless(new[] { "clang", "gcc" }.Any(CommandProcess.IsInstalled), "Native AOT needs clang or gcc, which links the executable.");
        var program = QuillProgram.Create(packages, "native");
        Assert.DoesNotContain("warning", program.DotNet("publish", "-p:PublishAot=true", "-o", "out").Done().Text, StringComparison.Ordinal);
        var native = Path.Combine(program.Folder, "out", "Models");
        program.RunOther(native, "convert", Quill.Checkpoint(), "--outfile", "quill.gguf").Done();
        AssertLogits(program, options => program.RunOther(native, options));
    }

    [Fact]
    public void A_mistake_is_told_as_in_the_repository()
    {
        var program = QuillProgram.Create(packages, "mistake");
        const string right = "(\"KvHeads*HeadDim, Embd\")] public partial Linear AttnK", wrong = "(\"Heads*HeadDim, Embd\")] public partial Linear AttnK";
        var text = File.ReadAllText(program.Declaration);
        Assert.Contains(right, text, StringComparison.Ordinal);
        File.WriteAllText(program.Declaration, text.Replace(right, wrong, StringComparison.Ordinal));
        var build = program.DotNet("build");
        Assert.Equal(1, build.ExitCode);
        var told = Quill.Blocks("text").Select(block => block.TrimEnd()).Single(block => block.Contains("error ARCH0036", StringComparison.Ordinal));
        Assert.Contains($"{told} (docs/diagnostics/ARCH0036.md)", build.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_tool_runs_its_model_and_those_of_an_assembly()
    {
        var program = packages.Quill;
        packages.Run(packages.NewFolder("tool"), "dotnet", "tool", "install", "ArchGen.Cli", "--tool-path", ".", "--version", packages.Version).Done();
        var tool = Path.Combine(packages.NewFolder("tool"), "archgen");
        Assert.StartsWith("This is the story of Nutmeg, a", program.RunOther(tool, "run", "-n", "16").Done().Out, StringComparison.Ordinal);

        AssertGraph(program.RunOther(tool, "--architectures", program.Assembly, "graph", "quill").Done().Out);
        program.RunOther(tool, "convert", Quill.Checkpoint(), "--outfile", "quill.gguf", "--architectures", program.Assembly).Done();
        AssertLogits(program, options => program.RunOther(tool, ["--architectures", program.Assembly, .. options]));
        var unknown = program.RunOther(tool, "graph", "quill.gguf");
        Assert.StartsWith("archgen: quill.gguf: key general.architecture is \"quill\"", unknown.Error, StringComparison.Ordinal);
        AssertRefused(program, tool);
    }

    private static void AssertRefused(QuillProgram program, string tool)
    {
        var none = Path.Combine(Path.GetDirectoryName(program.Assembly)!, "System.CommandLine.dll");
        Expect("missing.dll", "there is no such file.");
        Expect("Quill.cs", "it is no .NET assembly.");
        Expect(none, "it has no architectures.");
        var list = Path.ChangeExtension(program.Assembly, ".deps.json");
        var right = File.ReadAllText(list);
        File.WriteAllText(list, System.Text.RegularExpressions.Regex.Replace(right, "\"ArchGen/[^\"]+\"", "\"ArchGen/0.0.7\""));
        Expect(program.Assembly, "it was built with ArchGen 0.0.7, and this is ");
        File.WriteAllText(list, right);

        void Expect(string file, string message)
        {
            var run = program.RunOther(tool, "--architectures", file, "architectures");
            Assert.Equal(1, run.ExitCode);
            Assert.StartsWith($"archgen: --architectures {file}: {message}", run.Error, StringComparison.Ordinal);
        }
    }

    private static void AssertLogits(QuillProgram program, Func<string[], CommandProcess> run)
    {
        run(["logits", "quill.gguf", "--tokens-file", Quill.Checkpoint("tokens.json"), "-o", "logits.f32"]).Done();
        float[] expected = Read(Quill.Checkpoint("logits.f32")), actual = Read(Path.Combine(program.Folder, "logits.f32"));
        Assert.Equal(expected.Length, actual.Length);
        double difference = 0, size = 0;
        for (var i = 0; i < expected.Length; i++)
        {
            difference += Math.Pow(expected[i] - (double)actual[i], 2);
            size += Math.Pow(expected[i], 2);
        }

        Assert.True(difference <= Bar * size, $"NMSE {difference / size:E2}");

        static float[] Read(string file) => MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(file)).ToArray();
    }

    private static void AssertGraph(string printed)
    {
        var shown = Quill.Commands().Single(c => c.Command == "archgen graph quill").Output;
        Assert.True(Quill.IsShown(shown, printed), printed);
    }
}
