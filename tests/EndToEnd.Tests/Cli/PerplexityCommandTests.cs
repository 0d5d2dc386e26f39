using ArchGen.Fixtures;

namespace ArchGen.EndToEnd.Tests.Cli;

/// <summary><c>archgen perplexity</c>.</summary>
public sealed class PerplexityCommandTests : IDisposable
{
    private static readonly string Stories = SharedFixtures.Local("models/stories260K.gguf");
    private static readonly string Text = SharedFixtures.Local("models/stories.txt");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_prints_the_perplexity_and_what_is_done()
    {
        var run = Archgen.Run("perplexity", Stories, "-f", Text, "-c", "128");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal("PPL = 2.6083 +/- 0.27680 (3 chunks of 128 tokens, 189 tokens scored)\n", run.Out);
        Assert.Contains("[1]1.7957,[2]1.8426,[3]2.6083\n", run.Error, StringComparison.Ordinal);
        run = Archgen.Run("perplexity", Stories, "-f", Text, "-c", "128", "--chunks", "1", "-b", "32");
        Assert.StartsWith("PPL = 1.7957 ", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Saved_logits_are_compared_with()
    {
        var saved = _folder.File("base.logits");
        var run = Archgen.Run("perplexity", Stories, "-f", Text, "-c", "128", "--save-all-logits", saved);
        Assert.Equal(0, run.ExitCode);
        Assert.Equal([saved], Directory.GetFiles(_folder.Path));
        var compared = Archgen.Run("perplexity", Stories, "--kl-divergence-base", saved, "--kl-divergence", "-f", Text);
        Assert.Equal(0, compared.ExitCode);
        string[] lines = ["  model               2.608", "  base                2.608", "  mean  ", "  99.9 %", "  same                 100.000 +/- 0.000 %"];
        foreach (var line in lines) Assert.Contains(line, compared.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Bad_input_gets_one_message()
    {
        var (saved, other) = (_folder.File("base.logits"), _folder.File("other.txt"));
        File.WriteAllText(other, string.Concat(Enumerable.Repeat("There once was another text. ", 100)));
        Assert.Equal(0, Archgen.Run("perplexity", Stories, "-f", Text, "-c", "64", "--chunks", "1", "--kl-divergence-base", saved).ExitCode);
        Fails("There is no text", Stories);
        Fails("there is no such file; expected a text", Stories, "-f", _folder.File("missing.txt"));
        Fails("too few for one chunk of 512", Stories, "-f", Text);
        Fails("--ctx-size is 0", Stories, "-f", Text, "-c", "0");
        Fails("nothing to score", Stories, "-f", Text, "-c", "2");
        Fails("--chunks is 0", Stories, "-f", Text, "-c", "64", "--chunks", "0");
        Fails("--ubatch is 0", Stories, "-f", Text, "-c", "64", "-b", "0");
        Fails("--threads is 0", Stories, "-f", Text, "-c", "64", "-t", "0");
        Fails("Name them with --kl-divergence-base", Stories, "--kl-divergence");
        Fails("does not begin with \"_logits_\"", Stories, "--kl-divergence", "--kl-divergence-base", Text);
        Fails("there is no such file; expected saved logits", Stories, "--kl-divergence", "--kl-divergence-base", _folder.File("missing.logits"));
        Fails("its tokens are not those", Stories, "--kl-divergence", "--kl-divergence-base", saved, "-f", other);
        Fails("does not exist", Stories, "-f", Text, "-c", "64", "--kl-divergence-base", _folder.File("nowhere/base.logits"));
        Fails("vocabulary of 512 tokens", SharedFixtures.Local("../wren"), "--kl-divergence", "--kl-divergence-base", saved);
        File.WriteAllBytes(saved, File.ReadAllBytes(saved)[..^7]);
        Fails("cut off or damaged", Stories, "--kl-divergence", "--kl-divergence-base", saved);
    }

    private static void Fails(string expected, string model, params string[] arguments)
    {
        // The embedded model has another vocabulary.
        var run = Archgen.Run(model.EndsWith("wren", StringComparison.Ordinal) ? ["perplexity", .. arguments] : ["perplexity", model, .. arguments]);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
        Assert.Equal("", run.Out);
    }
}
