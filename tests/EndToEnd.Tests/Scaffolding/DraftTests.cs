using System.Text;
using ArchGen.EndToEnd.Tests.Structure;
using ArchGen.Fixtures;
using ArchGen.Tools.Scaffolding;

namespace ArchGen.EndToEnd.Tests.Scaffolding;

/// <summary>The drafts of all checkpoints. A run with ARCHGEN_ACCEPT_SNAPSHOTS=1 writes docs/drafts.md anew.</summary>
public sealed class DraftTests
{
    private const string Page = "docs/drafts.md";

    [Fact]
    public void Every_tensor_is_declared_with_a_shape_that_holds_in_all_layers()
    {
        Assert.True(Draft.All.Count > 90, $"{Draft.All.Count}");
        foreach (var draft in Draft.All)
        {
            using var files = new CheckpointFolder(draft.Checkpoint, draft.Folder);
            using var checkpoint = Gguf.Checkpoints.Checkpoint.Open(files.Path);
            var declared = draft.Scaffold.Tensors.Select(t => t.Pattern).Concat(draft.Scaffold.Tensors.Select(t => t.Bias).OfType<TensorPattern>());
            Assert.Equal(TensorPattern.Of(checkpoint).Select(p => p.Name).Order(), declared.Select(p => p.Name).Distinct().Order());
            foreach (var tensor in draft.Scaffold.Tensors)
            {
                var shape = DimParser.ParseShape(tensor.Shape);
                if (tensor.Pattern.Rank == 0) continue;
                foreach (var (layer, sizes) in tensor.Pattern.Shapes)
                    Assert.True(sizes.SequenceEqual(shape.Select(d => Value(draft, d, layer))), $"{draft.Checkpoint}: {tensor.Pattern.Name} [{tensor.Shape}]");
            }
        }
    }

    /// <summary>Where an architecture of the catalog declares the tensor under this name and in this layout, its shape is the draft's.</summary>
    [Fact]
    public void Shapes_are_those_that_people_have_declared()
    {
        var compared = 0;
        var different = new List<string>();
        foreach (var draft in Draft.All.Where(d => d.Declared is not null))
        {
            foreach (var tensor in draft.Scaffold.Tensors)
            {
                var known = draft.Declared!.Tensors.Where(t => t.HuggingFace.Contains(tensor.Pattern.Name)).ToList();
                if (known.Count != 1) continue;
                var shape = known[0].Shape.Trim('[', ']');
                if (DimParser.ParseShape(shape).Rank != tensor.Pattern.Rank) continue;
                var symbols = draft.Scaffold.Symbols.Select(s => s.Name).ToHashSet();
                if (DimParser.ParseShape(shape).Any(d => !d.Symbols.All(symbols.Contains))) continue;
                compared++;
                if (!DimParser.ParseShape(shape).Equals(DimParser.ParseShape(tensor.FileShape)))
                    different.Add($"{draft.Checkpoint}: {tensor.Pattern.Name} is [{shape}], drafted as [{tensor.Shape}]");
            }
        }

        Assert.True(compared > 700, $"{compared}");
        Assert.True(different.Count == 0, $"{different.Count} of {compared}:\n{string.Join('\n', different)}");
    }

    [Fact]
    public void The_table_is_that_of_the_documentation()
    {
        var page = Repository.Read(Page);
        var begin = page.IndexOf("| checkpoint |", StringComparison.Ordinal);
        var expected = page[..begin] + Table();
        if (Environment.GetEnvironmentVariable("ARCHGEN_ACCEPT_SNAPSHOTS") == "1") File.WriteAllText(Path.Combine(SharedFixtures.Root, Page), expected);
        Assert.Equal(expected, Repository.Read(Page));
    }

    private static string Table()
    {
        var text = new StringBuilder("| checkpoint | class | nearest | draft | tensors | shapes guessed | tensors not placed | questions | fit as well |\n");
        text.Append("|---|---|---|---|---:|---:|---:|---:|---|\n");
        foreach (var draft in Draft.All)
        {
            var scaffold = draft.Scaffold;
            var own = draft.Declared is null ? " (new)" : draft.Declared.Name == scaffold.Nearest.Architecture.Name ? "" : $" ({draft.Declared.Name})";
            text.Append($"| {draft.Checkpoint} | {scaffold.Class} | {scaffold.Nearest.Architecture.Name}{own} | {(scaffold.IsVariant ? "variant" : "whole")} ");
            text.Append($"| {scaffold.Tensors.Count} | {scaffold.Tensors.Count(t => t.IsGuess)} | {NotPlaced(scaffold)} | {scaffold.Questions.Count} ");
            text.Append($"| {string.Join(", ", scaffold.Nearest.Others)} |\n");
        }

        return text.ToString();
    }

    private static int NotPlaced(ArchitectureScaffold scaffold) => scaffold.Text.Split('\n')
        .Where(line => line.Contains("// Question: where do", StringComparison.Ordinal))
        .SelectMany(line => line[(line.IndexOf("do ", StringComparison.Ordinal) + 3)..line.IndexOf(" go?", StringComparison.Ordinal)].Split(", "))
        .Distinct().Count();

    private static long Value(Draft draft, Dim dimension, int layer) =>
        dimension.Evaluate(name => draft.Scaffold.Symbols.Single(s => s.Name == name).At(layer) ?? throw new InvalidOperationException(name)) ?? -1;
}
