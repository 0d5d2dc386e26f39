using ArchGen.Fixtures;
using Quill = ArchGen.Tutorial.Tests.Tutorial;

namespace ArchGen.Packages.Tests;

/// <summary>
/// A new solution in which the tutorial's model is declared, with its checkpoint, the graph that this repository has verified, and tests by ArchGen.Testing.
/// </summary>
public sealed class QuillSolution
{
    private const string Tests = """
        using System.Text.Json;
        using ArchGen.Architectures;
        using ArchGen.Testing;
        using Xunit;

        namespace QuillTests;

        public sealed class QuillTests
        {
            [Fact]
            public Task The_graph_is_the_verified_one() => GraphSnapshot.Verify<Quill>();

            [Fact]
            public void The_logits_are_the_authors()
            {
                using var model = TestedModel.Open<Quill>("CHECKPOINT");
                var tokens = JsonSerializer.Deserialize<int[]>(File.ReadAllText("CHECKPOINT/tokens.json"))!;
                LogitsCheck.Verify(model, tokens, "CHECKPOINT/logits.f32", new LogitsOptions { Dump = "../quill.nodes.tsv" });
            }
        }
        """;

    private readonly PackedPackages _packages;

    public QuillSolution(PackedPackages packages)
    {
        _packages = packages;
        Solution = NewSolution.Write(packages, "Quill");
        File.Copy(Path.Combine(Quill.Root, "docs", "tutorial", "Quill.cs"), Declaration, overwrite: true);
        File.Copy(
            Path.Combine(SharedFixtures.Root, "tests", "Frameworks", "Graph.Quill.verified.txt"), Solution.File("NAMETests/Graph.NAME.verified.txt"));
        File.WriteAllText(Solution.File("NAMETests/NAMETests.cs"), Tests.Replace("CHECKPOINT", Quill.Checkpoint(), StringComparison.Ordinal));
        Tested = Solution.Test();
    }

    /// <summary>The solution.</summary>
    internal NewSolution Solution { get; }

    /// <summary>The architecture's file.</summary>
    internal string Declaration => Solution.File("NAMEModels/NAME.cs");

    /// <summary>The first run of its tests.</summary>
    internal CommandProcess Tested { get; }

    /// <summary>Writes what each node of the model computes for the author's prompt, which the tests compare with.</summary>
    internal void Dump()
    {
        Run("convert", Quill.Checkpoint(), "--outfile", "quill.gguf");
        File.WriteAllText(Solution.File("quill.nodes.tsv"), Run("dump", "quill.gguf", "--tokens-file", Quill.Checkpoint("tokens.json")));

        string Run(params string[] arguments) => _packages.Archgen(
            Solution.Folder, ["--architectures", Solution.File("NAMEModels/bin/Debug/net10.0/NAMEModels.dll"), .. arguments]).Done().Out;
    }
}
