using System.Text.Json;
using ArchGen.Fixtures;

namespace ArchGen.EndToEnd.Tests.Cli;

/// <summary>
/// <c>archgen tokenize</c>, <c>detokenize</c> and <c>embed</c>: texts from the command line, files and standard input, results to files and
/// standard output.
/// </summary>
public sealed class TextCommandTests : IDisposable
{
    private static readonly string Stories = SharedFixtures.Local("models/stories260K.gguf");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Tokenize_reads_words_lines_and_JSON()
    {
        const string lines = "[403,407,261,378]\n[]\n";
        Assert.Equal(lines, Out("tokenize", Stories, "Once upon a time", ""));
        Assert.Equal(lines, Out("tokenize", "-m", Stories, "Once upon a time", ""));
        Assert.Equal(lines, Out("tokenize", Stories, "-f", Write("texts.txt", "Once upon a time\r\n\n")));
        Assert.Equal(lines, Archgen.RunWithInput("Once upon a time\n\n", "tokenize", Stories).Out);
        Assert.Equal(lines, Archgen.RunWithInput("Once upon a time\n\n", "tokenize", Stories, "-").Out);
        Assert.Equal("", Archgen.RunWithInput("", "tokenize", Stories).Out);
        const string json = "[[403,407,261,378],[]]\n";
        Assert.Equal(json, Out("tokenize", Stories, "--input", Write("texts.json", """["Once upon a time", ""]""")));
        Assert.Equal(json, Archgen.RunWithInput("""["Once upon a time", ""]""", "tokenize", Stories, "-f", "-", "--input-format", "json").Out);
        Assert.Equal(json, Out("tokenize", Stories, "Once upon a time", "", "--format", "json"));
        Assert.Equal("[1,403,407,261,378]\n", Out("tokenize", Stories, "Once upon a time", "--add-special", "-o", "-"));
        Assert.Equal("", Out("tokenize", Stories, "Once upon a time", "", "-o", _folder.File("ids.json")));
        Assert.Equal(json.TrimEnd(), File.ReadAllText(_folder.File("ids.json")));
    }

    [Fact]
    public void Tokenize_reads_checkpoints()
    {
        using var checkpoint = new CheckpointFolder("llama-mha");
        var ids = Out("tokenize", checkpoint.Path, "Once upon a time");
        Assert.NotEqual("[]\n", ids);
        Assert.Equal(ids, Out("tokenize", checkpoint.File("tokenizer.json"), "Once upon a time"));
        Assert.Contains("Once upon a time", Archgen.RunWithInput(ids, "detokenize", checkpoint.Path).Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Detokenize_gives_the_texts_back()
    {
        Assert.Equal("Once upon a time\n\n", Archgen.RunWithInput(Out("tokenize", Stories, "Once upon a time", ""), "detokenize", Stories).Out);
        Assert.Equal("Once upon a time\n", Out("detokenize", Stories, "1,403,407,261,378"));
        Assert.Equal("<s> Once upon a time\n", Out("detokenize", "-m", Stories, "1 403 407 261 378", "--special"));
        Assert.Equal("Once upon a time\n\n", Out("detokenize", Stories, "-f", Write("ids.txt", "403,407,261,378\n[]")));
        Assert.Equal("""["Once upon a time",""]""" + "\n", Out("detokenize", Stories, "-f", Write("ids.json", "[[403,407,261,378],[]]")));
        Assert.Equal("""["Once upon a time"]""" + "\n", Out("detokenize", Stories, "-f", Write("ids.json", "[403,407,261,378]")));
        Assert.Equal("\"Once upon a time\"\n", Out("detokenize", Stories, "403,407,261,378", "--format", "jsonl"));
        Fails("token id 512 is out of range, expected 0 to 511", "detokenize", Stories, "512");
        Fails("'x' is not a token id", "detokenize", Stories, "1,x");
        Fails("element 1: element 0 is a text, expected a token id", "detokenize", Stories, "-f", Write("ids.json", """[[1],["a"]]"""));
    }

    [Fact]
    public void Embed_reads_words_lines_and_JSON()
    {
        string[] texts = ["Once upon a time", "there was"];
        var lines = Out("embed", Stories, "--pooling", "last", texts[0], texts[1]);
        var rows = lines.TrimEnd('\n').Split('\n').Select(line => JsonSerializer.Deserialize<float[]>(line)!).ToArray();
        Assert.Equal([64, 64], rows.Select(r => r.Length));
        Assert.Equal(lines, Archgen.RunWithInput(string.Join('\n', texts), "embed", Stories, "--pooling", "last").Out);
        Assert.Equal(lines, Out("embed", "-m", Stories, "--pooling", "last", "-f", Write("texts.txt", string.Join('\n', texts))));
        var json = Out("embed", Stories, "--pooling", "last", "-f", Write("texts.json", JsonSerializer.Serialize(texts)));
        Assert.Equal(JsonSerializer.Serialize(rows), JsonSerializer.Serialize(JsonSerializer.Deserialize<float[][]>(json)));
        Out("embed", Stories, "--pooling", "last", texts[0], texts[1], "-o", _folder.File("rows.f32"));
        Assert.Equal(2 * 64 * sizeof(float), new FileInfo(_folder.File("rows.f32")).Length);
        Out("embed", Stories, "--pooling", "last", texts[0], texts[1], "-o", _folder.File("rows.jsonl"));
        Assert.Equal(lines, File.ReadAllText(_folder.File("rows.jsonl")));
        Fails("Standard input: text 2: The text has", "embed", Stories, "--pooling", "last");

        void Fails(string message, params string[] arguments)
        {
            var run = Archgen.RunWithInput("a\n" + string.Concat(Enumerable.Repeat("Once upon a time ", 400)), arguments);
            Assert.Equal(1, run.ExitCode);
            Assert.Contains(message, run.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_is_missing_is_said()
    {
        Fails("There is no model. Name its file, as MODEL or with -m FILE.", "tokenize");
        Fails("There is nothing to read. Give TEXT, or a file with -f FILE, or write to standard input.", "tokenize", Stories);
        Fails("There is nothing to read. Give IDS", "detokenize", Stories);
        Fails("There are words, 'a', and a file", "embed", Stories, "a", "-f", "b");
    }

    [Fact]
    public void A_dash_is_standard_output()
    {
        Assert.StartsWith("flowchart", Out("graph", "llama", "--format", "mermaid", "-o", "-"), StringComparison.Ordinal);
        var bench = Out("bench", Stories, "-p", "4", "-n", "0", "--repetitions", "1", "--format", "jsonl", "-o", "-");
        Assert.StartsWith("{\"test\":\"pp4\"", bench, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("logits MODEL --tokens 1,2 -o OUT")]
    [InlineData("embed MODEL Once --pooling last --format f32 -o OUT")]
    [InlineData("imatrix MODEL -f TEXT -c 64 --chunks 1 -o OUT")]
    [InlineData("perplexity MODEL -f TEXT -c 64 --chunks 1 --kl-divergence-base OUT")]
    [InlineData("convert DIR -o OUT")]
    [InlineData("quantize MODEL OUT Q8_0")]
    public void Standard_output_gets_the_bytes_of_the_file(string line)
    {
        using var checkpoint = new CheckpointFolder("llama-mha");
        var file = _folder.File("out");
        Out(Arguments(file));
        var bytes = Archgen.Bytes(Arguments("-"));
        Assert.NotEmpty(bytes);
        Assert.Equal(File.ReadAllBytes(file), bytes);
        Assert.False(File.Exists("-"));

        string[] Arguments(string output) => Array.ConvertAll(line.Split(' '), word => word switch
        {
            "MODEL" => Stories,
            "TEXT" => SharedFixtures.Local("models/stories.txt"),
            "DIR" => checkpoint.Path,
            "OUT" => output,
            _ => word,
        });
    }

    private static string Out(params string[] arguments)
    {
        var run = Archgen.Run(arguments);
        Assert.True(run.ExitCode == 0, run.Error);
        return run.Out;
    }

    private static void Fails(string message, params string[] arguments)
    {
        var run = Archgen.Run(arguments);
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith($"archgen: ", run.Error, StringComparison.Ordinal);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    private string Write(string name, string text)
    {
        File.WriteAllText(_folder.File(name), text);
        return _folder.File(name);
    }
}
