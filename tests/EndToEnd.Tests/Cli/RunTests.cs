using System.Globalization;
using System.Text.RegularExpressions;
using ArchGen.CommandLine;
using ArchGen.CommandLine.Options;
using ArchGen.Fixtures;
using ArchGen.Gguf;
using ArchGen.Runtime.Sampling;

namespace ArchGen.EndToEnd.Tests.Cli;

/// <summary><c>archgen run</c>: where its text comes from, when it stops, how it chooses, and what it says when nothing comes.</summary>
public sealed class RunTests : IDisposable
{
    private const string Text = "Once upon a time";

    private static readonly string Stories = SharedFixtures.Local("models/stories260K.gguf");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_text_comes_from_the_command_line_a_file_standard_input_or_tokens()
    {
        string[] options = ["-n", "12", "--temp", "0"];
        var expected = Out(["run", Stories, "-p", Text, .. options]);
        Assert.True(expected.Length > 12);
        File.WriteAllText(_folder.File("prompt.txt"), Text + "\n");
        File.WriteAllText(_folder.File("tokens.json"), "[1, 403, 407, 261, 378]");
        Assert.Equal(expected, Out(["run", "-m", Stories, "-f", _folder.File("prompt.txt"), .. options]));
        Assert.Equal(expected, Out(["run", Stories, "--tokens", "1,403,407,261,378", .. options]));
        Assert.Equal(expected, Out(["run", Stories, "--tokens-file", _folder.File("tokens.json"), .. options]));
        Assert.Equal(expected, Archgen.RunWithInput(Text + "\n", ["run", Stories, .. options]).Out);
        Assert.Equal(expected, Archgen.RunWithInput(Text, ["run", Stories, "-f", "-", .. options]).Out);
        Assert.Equal(expected, Archgen.RunWithInput("not this", ["run", Stories, "-p", Text, .. options]).Out);
        Fails("There is no prompt.", Stories);
        Fails("Give the prompt once", Stories, "-p", Text, "--tokens", "1");
        Fails("The model is given twice", Stories, "-m", Stories, "-p", Text);
    }

    [Fact]
    public void The_embedded_model_does_not_wait_for_standard_input() =>
        Assert.StartsWith("This is the story of Nutmeg", Archgen.RunWithInput("not this", "run", "-n", "10").Out, StringComparison.Ordinal);

    [Fact]
    public void Escape_sequences_are_read_if_asked_for()
    {
        string[] options = ["-n", "8", "--temp", "0"];
        var expected = Out(["run", Stories, "-p", "Once\n\"A\u00e9", .. options]);
        Assert.Equal(expected, Out(["run", Stories, "-e", "-p", "Once\\n\\\"A\\xc3\\xa9", .. options]));
        Assert.NotEqual(expected, Out(["run", Stories, "-p", "Once\\n\\\"A\\xc3\\xa9", .. options]));
        Assert.Equal("a\tb\\c\\q\\x1\r'", Escapes.Read("a\\tb\\\\c\\q\\x1\\r\\'"));
    }

    [Fact]
    public void It_stops_behind_a_reverse_prompt()
    {
        string[] options = ["run", Stories, "-p", Text, "-n", "40", "--temp", "0"];
        var whole = Out(options).TrimEnd('\n');
        var end = whole.IndexOf(". ", StringComparison.Ordinal);
        Assert.True(end > 0, whole);
        Assert.Equal(whole[..(end + 1)] + "\n", Out([.. options, "-r", "."]));
        Assert.Equal(whole[..(end + 1)] + "\n", Out([.. options, "-r", whole[(end - 4)..(end + 1)], "-r", "never"]));
        Fails("--reverse-prompt is empty", Stories, "-p", Text, "-r", "");
    }

    [Fact]
    public void Without_a_limit_it_goes_on_until_the_context_is_full()
    {
        var run = Archgen.Run("run", Stories, "-p", Text, "-n", "-1", "-c", "40", "--ignore-eos", "--temp", "0");
        Assert.Contains("prompt 5 tokens", run.Error, StringComparison.Ordinal);
        Assert.Contains("generation 36 tokens", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Tokens_that_end_a_text_are_forbidden_if_asked_for()
    {
        // Whatever the model says, its end token is the likeliest.
        string[] options = ["run", Stories, "-p", Text, "-n", "4", "--temp", "0", "--logit-bias", "2=1000"];
        Assert.Contains("generation 1 tokens", Archgen.Run(options).Error, StringComparison.Ordinal);
        Assert.Contains("generation 4 tokens", Archgen.Run([.. options, "--ignore-eos"]).Error, StringComparison.Ordinal);
        Assert.Contains("generation 4 tokens", Archgen.Run([.. options[..^1], "2=-inf"]).Error, StringComparison.Ordinal);
        Assert.Contains("generation 4 tokens", Archgen.Run([.. options[..^1], "2-inf"]).Error, StringComparison.Ordinal);
        Assert.Contains("generation 1 tokens", Archgen.Run([.. options[..^1], "2+1e3"]).Error, StringComparison.Ordinal);
        foreach (var bias in new[] { "2", "x=1", "2=", "2=inf", "2=1,5", "2=NaN" })
            Fails($"'{bias}' is not ID=BIAS", Stories, "-p", Text, "--logit-bias", bias);
    }

    [Fact]
    public void A_text_that_ends_at_once_is_explained()
    {
        var run = Archgen.Run("run", Stories, "-p", Text, "--logit-bias", "2=1000");
        Assert.Equal(("\n", 0), (run.Out, run.ExitCode));
        const string message = "archgen: The model generated nothing: it ended the text at once, with </s>. "
            + "Give it another text, or forbid such tokens with --ignore-eos.\n";
        Assert.StartsWith(message, run.Error, StringComparison.Ordinal);

        var chat = Altered(Stories, metadata => metadata["tokenizer.chat_template"] = GgufValue.From("[INST] {{ messages[0] }} [/INST]"));
        run = Archgen.Run("run", chat, "-p", Text, "--logit-bias", "2=1000");
        const string hint = " This is a chat model, which answers messages. Write one in the form of its tokenizer.chat_template";
        Assert.Contains(hint, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("chat model", Archgen.Run("run", chat, "-p", Text, "-n", "4").Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "What is 2+2?", "The model generated nothing: it ended the text at once, with <\\|endoftext\\|>\\. ",
        "Or let it continue the text as it is, with --ignore-eos.")]
    [InlineData("Hello!", "", "A text that is none is continued as it is.")]
    public void The_embedded_model_wants_messages(string text, string happened, string otherwise)
    {
        var run = Archgen.Run("run", "-n", "20", "-p", text);
        Assert.Equal(happened.Length > 0, string.IsNullOrWhiteSpace(run.Out));
        var pattern = $"^archgen: {happened}This is a chat model, which answers messages\\. "
            + $"Write one as -e --parse-special -p \"(.*)\"\\. {Regex.Escape(otherwise)}\n";
        var hint = Regex.Match(run.Error, pattern);
        Assert.True(hint.Success, run.Error);
        run = Archgen.Run("run", "-n", "20", "-e", "--parse-special", "-p", hint.Groups[1].Value);
        Assert.Contains("Hello", run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("archgen:", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void An_embedding_model_is_for_embed()
    {
        var bert = ArchitectureFixture.Load("bert").WriteGguf(_folder.Path);
        Fails("bert gives embeddings and does not generate text. Make them with 'archgen embed'.", bert, "-p", Text);
    }

    [Fact]
    public void Special_tokens_in_a_text_are_text_unless_asked_for()
    {
        const string prompt = "<|im_start|>user";
        Assert.True(PromptTokens("run", "-n", "0", "-p", prompt) > PromptTokens("run", "-n", "0", "-p", prompt, "--parse-special") + 3);
        string[] dump = ["dump", Stories, "-p", "</s>", "--node", "output"];
        Assert.NotEqual(Out(dump), Out([.. dump, "--parse-special"]));
    }

    [Fact]
    public void The_file_says_how_to_sample_unless_the_command_line_does()
    {
        var greedy = Altered(Stories, metadata => metadata["general.sampling.temp"] = GgufValue.From(0f));
        Assert.Equal(Out("run", Stories, "-p", Text, "-n", "16", "--temp", "0"), Out("run", greedy, "-p", Text, "-n", "16"));
        Assert.NotEqual(Out("run", greedy, "-p", Text, "-n", "16", "--temp", "1.5", "--seed", "3"), Out("run", greedy, "-p", Text, "-n", "16"));
        var one = Altered(Stories, metadata => metadata["general.sampling.top_k"] = GgufValue.From(1));
        Assert.Equal(Out("run", Stories, "-p", Text, "-n", "16", "--temp", "0"), Out("run", one, "-p", Text, "-n", "16"));

        var metadata = new GgufMetadata("test")
        {
            ["general.sampling.temp"] = GgufValue.From(0.6f),
            ["general.sampling.top_k"] = GgufValue.From(20),
            ["general.sampling.top_p"] = GgufValue.From(0.9f),
            ["general.sampling.min_p"] = GgufValue.From(0.1f),
            ["general.sampling.penalty_repeat"] = GgufValue.From(1.1f),
            ["general.sampling.penalty_last_n"] = GgufValue.From(32),
            ["general.sampling.sequence"] = GgufValue.From("top_k;temperature"),
            ["general.sampling.xtc_probability"] = GgufValue.From(0.2f),
            ["general.sampling.mirostat"] = GgufValue.From(2),
            ["tokenizer.ggml.suppress_tokens"] = GgufValue.From((int[])[7, 9]),
        };
        var expected = new SamplerOptions { Temperature = 0.6f, TopK = 20, TopP = 0.9f, MinP = 0.1f, RepetitionPenalty = 1.1f, RepetitionWindow = 32 };
        var actual = SamplerOptions.Of(metadata);
        Assert.Equal(expected with { XtcProbability = 0.2f, Mirostat = 2 }, actual with { LogitBias = expected.LogitBias, Chain = expected.Chain });
        Assert.Equal([SamplerStep.TopK, SamplerStep.Temperature], actual.Chain);
        Assert.Equal([7, 9], actual.LogitBias.Where(bias => float.IsNegativeInfinity(bias.Value)).Select(bias => bias.Key).Order());
        Assert.Equal(0.8f, SamplerOptions.Of(new GgufMetadata("empty")).Temperature);
    }

    private static string Out(params string[] arguments)
    {
        var run = Archgen.Run(arguments);
        Assert.True(run.ExitCode == 0, run.Error);
        return run.Out;
    }

    private static int PromptTokens(params string[] arguments) =>
        int.Parse(Regex.Match(Archgen.Run(arguments).Error, @"prompt (\d+) tokens").Groups[1].Value, CultureInfo.InvariantCulture);

    private static void Fails(string message, params string[] arguments)
    {
        var run = Archgen.Run(["run", .. arguments]);
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("archgen: ", run.Error, StringComparison.Ordinal);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    private string Altered(string model, Action<GgufMetadata> change)
    {
        using var file = GgufFile.Open(model);
        var metadata = new GgufMetadata(file.Name);
        foreach (var (key, value) in file.Metadata) metadata[key] = value;
        change(metadata);
        var writer = new GgufWriter(metadata);
        foreach (var tensor in file.Tensors) writer.Add(tensor);
        var path = _folder.File($"{Guid.NewGuid():N}.gguf");
        writer.Save(path);
        return path;
    }
}
