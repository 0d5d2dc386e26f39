using ArchGen.Architectures;
using ArchGen.Fixtures;
using ArchGen.Tools.Recipes;

namespace ArchGen.EndToEnd.Tests.Cli;

/// <summary>A model file without a vocabulary: what needs one says so before it begins, and the rest works.</summary>
public sealed class NoVocabularyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("serve", "--port", "0")]
    [InlineData("chat", "-p", "Hello")]
    [InlineData("run", "-p", "Hello")]
    public void What_needs_a_vocabulary_is_refused_at_the_start(string command, params string[] options)
    {
        var model = WriteModel();
        using var soon = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var run = Archgen.Run(soon.Token, [command, model, .. options]);
        Assert.Equal(1, run.ExitCode);
        var lines = run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var error = Assert.Single(lines, line => line.StartsWith($"archgen: {model}", StringComparison.Ordinal));
        Assert.StartsWith($"archgen: {model}: the file has no vocabulary (tokenizer.ggml.model is \"no_vocab\")", error, StringComparison.Ordinal);
        Assert.EndsWith("archgen edit IN -o OUT --vocab-from OTHER.", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("logits", "--tokens", "1,2,3", "-o", "OUT")]
    [InlineData("bench", "-p", "4", "-n", "2", "--repetitions", "1")]
    public void What_needs_none_works(string command, params string[] options)
    {
        var run = Archgen.Run([command, WriteModel(), .. options.Select(option => option == "OUT" ? _folder.File("out") : option)]);
        Assert.True(run.ExitCode == 0, run.Error);
    }

    private string WriteModel()
    {
        var path = _folder.File("plain.gguf");
        RandomRecipe.Of(Catalog.All.First(architecture => architecture.Name == "llama")).Save(path);
        return path;
    }
}
