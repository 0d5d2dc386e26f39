using ArchGen.EndToEnd.Tests.Measurement;
using ArchGen.Fixtures;
using ArchGen.Tools.Quantization.Importance;

namespace ArchGen.EndToEnd.Tests.Cli;

/// <summary><c>archgen imatrix</c>.</summary>
public sealed class ImatrixCommandTests : IDisposable
{
    private static readonly string Stories = SharedFixtures.Local("models/stories260K.gguf");
    private static readonly string Text = SharedFixtures.Local("models/stories.txt");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_writes_a_matrix_and_tells_what_it_does_not_cover()
    {
        var output = _folder.File("m.gguf");
        var run = Archgen.Run("imatrix", Stories, "-f", Text, "-c", "128", "-o", output);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("[3]\n", run.Error, StringComparison.Ordinal);
        Assert.Contains("35 tensors, 3 chunks of 128 tokens.", run.Error, StringComparison.Ordinal);
        Assert.Contains("not covered: output.weight, it makes the logits (--process-output).", run.Error, StringComparison.Ordinal);
        Assert.Contains("not covered: token_embd.weight, rows are taken from it", run.Error, StringComparison.Ordinal);
        var matrix = ImportanceMatrix.Read(output);
        Assert.Equal((Text, 3, 128), (matrix.Dataset, matrix.Chunks, matrix.ChunkSize));
        Assert.Equal([output], Directory.GetFiles(_folder.Path));
        Assert.True(matrix.For("output.weight").IsEmpty);

        string[] more = ["--process-output", "--chunks", "2", "--from-chunk", "1", "--save-frequency", "1", "-b", "64"];
        run = Archgen.Run(["imatrix", Stories, "-f", Text, "-c", "64", "-o", output, .. more]);
        Assert.Equal(0, run.ExitCode);
        Assert.DoesNotContain("output.weight", run.Error, StringComparison.Ordinal);
        Assert.Equal(64, ImportanceMatrix.Read(output).For("output.weight").Length);
        Assert.Equal(1, ImportanceMatrix.Read(output + ".at_1").Chunks);
        Assert.Equal(64, ImportanceMatrix.Read(output + ".at_1").Entries["output.weight"].Counts[0]);
        Assert.Equal(2, ImportanceMatrix.Read(output + ".at_2").Chunks);
    }

    [Fact]
    public void Experts_that_no_token_came_to_are_told()
    {
        var model = TokenizedModel.Write(_folder.Path, "llama-moe");
        File.WriteAllText(_folder.File("short.txt"), "a");
        var run = Archgen.Run("imatrix", model, "-f", _folder.File("short.txt"), "-c", "1", "--chunks", "1", "-o", _folder.File("m.gguf"));
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("no token came to 2 of 4 experts of blk.", run.Error, StringComparison.Ordinal);
        Assert.Contains("ffn_down_exps.weight, blk.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Matrices_are_combined_with_and_without_a_text()
    {
        string first = _folder.File("1.gguf"), rest = _folder.File("2.gguf"), all = _folder.File("3.gguf"), sum = _folder.File("sum.gguf");
        string[] command = ["imatrix", Stories, "-f", Text, "-c", "128"];
        Assert.Equal(0, Archgen.Run([.. command, "--chunks", "1", "-o", first]).ExitCode);
        Assert.Equal(0, Archgen.Run([.. command, "--from-chunk", "1", "-o", rest]).ExitCode);
        Assert.Equal(0, Archgen.Run([.. command, "-o", all]).ExitCode);
        Assert.Equal(0, Archgen.Run("imatrix", "--in-file", first, "--in-file", rest, "-c", "128", "-o", sum).ExitCode);
        Same(all, sum);
        Assert.Equal(0, Archgen.Run([.. command, "--from-chunk", "1", "--in-file", first, "-o", sum]).ExitCode);
        Same(all, sum);
        Assert.Equal([Text, Text], ImportanceMatrix.Read(sum).Datasets);
        var dat = SharedFixtures.Local("quantization/stories260K.imatrix.dat");
        Assert.Equal(0, Archgen.Run("imatrix", "--in-file", dat, "-c", "128", "-o", sum).ExitCode);
        Assert.Equal((3, 128), (ImportanceMatrix.Read(sum).Chunks, ImportanceMatrix.Read(sum).ChunkSize));
    }

    [Fact]
    public void Bad_input_gets_one_message_and_leaves_no_file()
    {
        var output = _folder.File("m.gguf");
        Fails("There is nothing to compute from", Stories);
        Fails("there is no such file; expected a text", Stories, "-f", _folder.File("missing.txt"));
        Fails("too few for one chunk of 512", Stories, "-f", Text);
        Fails("too few for a chunk after the first 9", Stories, "-f", Text, "-c", "64", "--from-chunk", "9");
        Fails("--from-chunk is -1", Stories, "-f", Text, "-c", "64", "--from-chunk=-1");
        Fails("--save-frequency is -1", Stories, "-f", Text, "-c", "64", "--save-frequency=-1");
        Fails("--chunks is -2", Stories, "-f", Text, "-c", "64", "--chunks=-2");
        Fails("--ctx-size is 0", Stories, "-f", Text, "-c", "0");
        Fails("no importance matrix", Stories, "-f", Text, "-c", "64", "--in-file", Stories);
        Fails("there is no such file; expected an importance matrix", Stories, "--in-file", _folder.File("missing.gguf"));
        Fails("cannot be combined", Stories, "-f", Text, "-c", "64", "--in-file", SharedFixtures.Local("quantization/small.imatrix.gguf"));
        Assert.Empty(Directory.GetFiles(_folder.Path));
        File.WriteAllText(output, "mine");
        Fails("cannot be combined", Stories, "-f", Text, "-c", "64", "--in-file", SharedFixtures.Local("quantization/small.imatrix.gguf"));
        Assert.Equal("mine", File.ReadAllText(output));
        var nowhere = Archgen.Run("imatrix", Stories, "-f", Text, "-c", "64", "-o", _folder.File("nowhere/m.gguf"));
        Assert.Contains("does not exist", nowhere.Error, StringComparison.Ordinal);

        void Fails(string expected, params string[] arguments)
        {
            var run = Archgen.Run(["imatrix", .. arguments, "-o", output]);
            Assert.Equal(1, run.ExitCode);
            Assert.Contains(expected, run.Error, StringComparison.Ordinal);
        }
    }

    private static void Same(string expected, string actual)
    {
        ImportanceMatrix a = ImportanceMatrix.Read(expected), b = ImportanceMatrix.Read(actual);
        Assert.Equal(a.Names, b.Names);
        Assert.Equal((a.Chunks, a.ChunkSize), (b.Chunks, b.ChunkSize));
        foreach (var name in a.Names)
        {
            Assert.Equal(a.Entries[name].Counts.ToArray(), b.Entries[name].Counts.ToArray());
            foreach (var (x, y) in a.Entries[name].Sums.ToArray().Zip(b.Entries[name].Sums.ToArray())) Assert.InRange(y, x * (1 - 1e-6f), x * (1 + 1e-6f));
        }
    }
}
