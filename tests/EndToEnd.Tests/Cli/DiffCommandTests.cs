using System.Text.Json;
using ArchGen.Fixtures;
using ArchGen.Formats;
using ArchGen.Gguf;

namespace ArchGen.EndToEnd.Tests.Cli;

/// <summary><c>archgen diff</c> and <c>archgen inspect --json</c>.</summary>
public sealed class DiffCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static string Stories => SharedFixtures.Local("models/stories260K.gguf");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_is_itself()
    {
        var run = Archgen.Run("diff", Stories, Stories);
        Assert.Equal((0, "The same: all keys, 48 tensors.\n"), (run.ExitCode, run.Out));
        using var json = JsonDocument.Parse(Archgen.Run("diff", Stories, Stories, "--json").Out);
        Assert.True(json.RootElement.GetProperty("same").GetBoolean());
    }

    [Fact]
    public void Each_difference_is_a_line()
    {
        var (first, second) = (Write("a.gguf", isFirst: true), Write("b.gguf", isFirst: false));
        var run = Archgen.Run("diff", first, second);
        string[] expected =
        [
            "- gone: u32 1",
            "~ text: string \"a\" becomes string \"b\"",
            "~ typed: u32 1 becomes i32 1",
            "~ list: array of 3 i32, which differs at [1]",
            "+ new: u32 1",
            "- only.a: f32 [2]",
            "~ shaped: f32 [2, 2] becomes f32 [4]",
            "~ values: f32 [4], NMSE 3.33e-2, largest difference 1e+0",
            "~ halves: f32 [4] becomes f16 [4], NMSE 0e+0, largest difference 0e+0",
            "+ only.b: f32 [2]",
            "5 keys and 5 tensors differ, 1 tensors are the same.",
        ];
        Assert.Equal((1, string.Join('\n', expected) + "\n"), (run.ExitCode, run.Out));

        using var json = JsonDocument.Parse(Archgen.Run("diff", first, second, "--json").Out);
        var values = json.RootElement.GetProperty("tensors").EnumerateArray().Single(t => t.GetProperty("name").GetString() == "values");
        Assert.Equal(("value", 1.0), (values.GetProperty("kind").GetString(), values.GetProperty("largest").GetDouble()));
        Assert.Equal(1 / 30.0, values.GetProperty("nmse").GetDouble(), 1e-12);
        Assert.Equal(1, json.RootElement.GetProperty("sameTensors").GetInt32());
        Assert.Equal(
            ["onlyFirst", "value", "type", "value", "onlySecond"],
            json.RootElement.GetProperty("keys").EnumerateArray().Select(k => k.GetProperty("kind").GetString()));
    }

    [Fact]
    public void A_quantized_model_is_near()
    {
        var quantized = _folder.File("q8.gguf");
        Assert.Equal(0, Archgen.Run("quantize", Stories, quantized, "Q8_0").ExitCode);
        using var json = JsonDocument.Parse(Archgen.Run("diff", Stories, quantized, "--json").Out);
        var errors = json.RootElement.GetProperty("tensors").EnumerateArray().Select(t => t.GetProperty("nmse").GetDouble()).ToList();
        Assert.NotEmpty(errors);
        Assert.All(errors, error => Assert.InRange(error, 1e-9, 1e-3));
    }

    [Fact]
    public void A_listing_has_every_key_and_tensor()
    {
        using var file = GgufFile.Open(Stories);
        using var json = JsonDocument.Parse(Archgen.Run("inspect", Stories, "--json").Out);
        var root = json.RootElement;
        Assert.Equal(
            ["file", "files", "version", "alignment", "keys", "tensors", "types", "elements", "bytes", "architecture"],
            root.EnumerateObject().Select(p => p.Name));
        Assert.Equal(file.Metadata.Select(entry => entry.Key), root.GetProperty("keys").EnumerateArray().Select(k => k.GetProperty("key").GetString()));
        var tokens = root.GetProperty("keys").EnumerateArray().Single(k => k.GetProperty("key").GetString() == "tokenizer.ggml.tokens");
        Assert.Equal(("array", "string"), (tokens.GetProperty("type").GetString(), tokens.GetProperty("elementType").GetString()));
        Assert.Equal(file.Metadata.GetStrings("tokenizer.ggml.tokens"), tokens.GetProperty("value").EnumerateArray().Select(e => e.GetString()));
        var first = root.GetProperty("tensors")[0];
        Assert.Equal(["name", "type", "shape", "elements", "bytes", "offset", "file"], first.EnumerateObject().Select(p => p.Name));
        Assert.Equal([512, 64], first.GetProperty("shape").EnumerateArray().Select(e => e.GetInt32()));
        Assert.Equal(JsonValueKind.Null, root.GetProperty("architecture").GetProperty("problems").ValueKind);
        Assert.True(root.GetProperty("architecture").GetProperty("known").GetBoolean());
    }

    /// <summary>What is wrong stands in the list, which is whole.</summary>
    [Theory]
    [InlineData("llama.embedding_length", "--remove", "llama.embedding_length")]
    [InlineData("", "--set", "general.architecture=u32:7")]
    public void A_file_that_is_wrong_is_listed_too(string problem, string option, string change)
    {
        var wrong = _folder.File("wrong.gguf");
        Assert.Equal(0, Archgen.Run("edit", Stories, option, change, "-o", wrong).ExitCode);
        using var json = JsonDocument.Parse(Archgen.Run("inspect", wrong, "--json").Out);
        var architecture = json.RootElement.GetProperty("architecture");
        if (problem == "") Assert.False(architecture.GetProperty("known").GetBoolean());
        else Assert.Contains(problem, architecture.GetProperty("problems").GetString(), StringComparison.Ordinal);
    }

    /// <summary>Arrays of arrays whose elements have other types are other values, and no error.</summary>
    [Fact]
    public void Nested_arrays_are_compared()
    {
        var (ints, same, floats) = (Nested("ints.gguf", 5), Nested("same.gguf", 5), Nested("floats.gguf", 6));
        Assert.Equal(0, Archgen.Run("diff", ints, same).ExitCode);
        var run = Archgen.Run("diff", ints, floats);
        Assert.Equal((1, ""), (run.ExitCode, run.Error));
        Assert.StartsWith("~ nested: ", run.Out, StringComparison.Ordinal);

        // One key: an array of one array of one element of a type of four bytes.
        string Nested(string name, int type)
        {
            using var bytes = new MemoryStream();
            using (var writer = new BinaryWriter(bytes))
            {
                writer.Write("GGUF"u8);
                foreach (var n in new[] { 3, 0, 0, 1, 0, 6, 0 }) writer.Write(n);
                writer.Write("nested"u8);
                foreach (var n in new[] { 9, 9, 1, 0, type, 1, 0, 7 }) writer.Write(n);
            }

            File.WriteAllBytes(_folder.File(name), bytes.ToArray());
            return _folder.File(name);
        }
    }

    private string Write(string name, bool isFirst)
    {
        var keys = new GgufMetadata(name);
        if (isFirst) keys["gone"] = GgufValue.From(1u);
        keys["text"] = GgufValue.From(isFirst ? "a" : "b");
        keys["typed"] = isFirst ? GgufValue.From(1u) : GgufValue.From(1);
        keys["list"] = GgufValue.From(new[] { 1, isFirst ? 2 : 3, 4 });
        if (!isFirst) keys["new"] = GgufValue.From(1u);
        var writer = new GgufWriter(keys);
        writer.Add(isFirst ? "only.a" : "only.b", TensorType.F32, [2], Floats(1, 2));
        writer.Add("shaped", TensorType.F32, isFirst ? [2, 2] : [4], Floats(1, 2, 3, 4));
        writer.Add("values", TensorType.F32, [4], Floats(1, 2, 3, isFirst ? 4 : 5));
        writer.Add("same", TensorType.F32, [2], Floats(1, 2));
        if (isFirst) writer.Add("halves", TensorType.F32, [4], Floats(1, 2, 3, 4));
        else writer.Add("halves", TensorType.F16, [4], new byte[] { 0, 0x3C, 0, 0x40, 0, 0x42, 0, 0x44 });
        writer.Save(_folder.File(name));
        return _folder.File(name);
    }

    private static byte[] Floats(params float[] values) => [.. values.SelectMany(BitConverter.GetBytes)];
}
