using ArchGen.Fixtures;

namespace ArchGen.EndToEnd.Tests.Cli;

/// <summary><c>archgen graph --graph</c>: a graph beside that of the forward pass, of an architecture and of a file.</summary>
public sealed class GraphOptionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_graph_of_an_architecture_is_listed_with_the_blocks_that_it_calls()
    {
        var draft = Archgen.Run("graph", "qwen3next", "--graph", "draft").Out;
        Assert.StartsWith("qwen3next: ", draft, StringComparison.Ordinal);
        Assert.Contains("\nDraft: tokens, hidden\n", draft, StringComparison.Ordinal);
        Assert.Contains("\nPredictLayer: tokens, hidden\n", draft, StringComparison.Ordinal);
        Assert.DoesNotContain("DeltaLayer", draft, StringComparison.Ordinal);
        Assert.Equal(draft, Archgen.Run("graph", "qwen3next", "--graph", "draft", "--flat").Out);
        var dot = Archgen.Run("graph", "qwen3next", "--graph", "draft", "--format", "dot").Out;
        Assert.StartsWith("digraph \"qwen3next.draft\" {", dot, StringComparison.Ordinal);
        Assert.Equal(Archgen.Run("graph", "t5", "--encoder", "--format", "dot").Out, Archgen.Run("graph", "t5", "--graph", "encoder", "--format", "dot").Out);
    }

    [Fact]
    public void A_graph_of_a_file_has_its_numbers()
    {
        var path = Path.Combine(_folder.Path, "predicting.gguf");
        PredictingRecipe.Load().Save(path);
        var draft = Archgen.Run("graph", path, "--graph", "draft").Out;
        Assert.StartsWith("graph qwen3next.draft -> blk.2.nextn.shared_head_head\n", draft, StringComparison.Ordinal);
        Assert.Contains("\nrows = encoded : [T, 64]\n", draft, StringComparison.Ordinal);
        Assert.DoesNotContain("blk.0.", draft, StringComparison.Ordinal);
        Assert.DoesNotContain("blk.2.", Archgen.Run("graph", path).Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_there_is_not_is_refused()
    {
        foreach (var format in new[] { "text", "dot" })
        {
            var run = Archgen.Run("graph", "qwen3next", "--graph", "drafts", "--format", format);
            Assert.Equal(1, run.ExitCode);
            Assert.Contains("qwen3next has no graph 'drafts' beside that of its forward pass. It has hidden, draft.", run.Error, StringComparison.Ordinal);
        }
    }

    public void Dispose() => _folder.Dispose();
}
