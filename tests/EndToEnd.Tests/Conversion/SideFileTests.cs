using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ArchGen.EndToEnd.Tests.Cli;
using ArchGen.Fixtures;
using ArchGen.Tools.Recipes;

namespace ArchGen.EndToEnd.Tests.Conversion;

/// <summary>Side files of every odd shape: the conversion succeeds, or ends with one message and exit code 1.</summary>
public sealed class SideFileTests
{
    private const int Depth = 3, MostMembers = 64;

    private static readonly string[] Fixtures = ["llama-mha", "qwen2", "bert", "llama-sharded", "t5", "quantized-fp8"];

    private static readonly string[] Files =
    [
        "config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "modules.json",
        "chat_template.json", "vocab.json", "tekken.json", "model.safetensors.index.json",
    ];

    // Whole files, as they stand on the disk.
    private static readonly byte[][] Wholes =
    [
        .. new[]
        {
            "", " ", "null", "[]", "\"x\"", "1", "true", "{}", "[null]", "[{}]", "{\"a\": Infinity}", "NaN", "-Infinity", "{\"a\":1,\"a\":2}",
            "{\"\\ud83d\":\"\\udc00\"}", "\uFEFF{}",
            new string('[', 10_000), string.Concat(Enumerable.Repeat("{\"a\":", 10_000)), "{", "{\"a\":1,}",
        }.Select(Encoding.UTF8.GetBytes),
        [(byte)'{', (byte)'"', 0xE9, (byte)'"', (byte)':', (byte)'1', (byte)'}'], [0xFF, 0xFE, (byte)'{', 0, (byte)'}', 0],
    ];

    // Values in the place of others; what is no JSON stands for itself.
    private static readonly string[] Values =
        ["null", "[]", "[[]]", "{}", "\"\"", "\"x\"", "\"\\ud83d\"", "0", "-1", "1.5", "1e999", "99999999999999999999", "true", "Infinity", "NaN",
            "[1,\"x\"]", "{\"x\":1}"];

    public static TheoryData<string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string>();
            foreach (var fixture in Fixtures)
            {
                foreach (var file in Files) cases.Add(fixture, file);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_file_of_any_shape_ends_in_a_file_or_a_message(string fixture, string file)
    {
        using var checkpoint = new CheckpointFolder(fixture);
        var path = checkpoint.File(file);
        var original = File.Exists(path) ? File.ReadAllBytes(path) : "{}"u8.ToArray();
        foreach (var whole in Wholes) Converts(checkpoint, path, whole);
        Converts(checkpoint, path, [.. "\uFEFF"u8, .. original]);
        foreach (var altered in Altered(original)) Converts(checkpoint, path, altered);
    }

    [Fact]
    public void Numbers_as_python_writes_them_are_read()
    {
        using var checkpoint = new CheckpointFolder("mamba2");
        var config = File.ReadAllText(checkpoint.File("config.json"));
        var plain = System.Text.RegularExpressions.Regex.Replace(config, @"\{\s*""__float__"": ""Infinity""\s*\}", "Infinity");
        Assert.NotEqual(config, plain);
        Assert.Equal(Converted(checkpoint, config), Converted(checkpoint, plain));
    }

    [Fact]
    public void A_number_that_is_too_large_for_a_key_is_named()
    {
        using var checkpoint = new CheckpointFolder("llama-mha");
        var config = JsonNode.Parse(File.ReadAllText(checkpoint.File("config.json")))!;
        config["rms_norm_eps"] = 1e39;
        File.WriteAllText(checkpoint.File("config.json"), config.ToJsonString());
        var run = Archgen.Run("convert", checkpoint.Path, "--outfile", checkpoint.File("out.gguf"));
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("rms_norm_eps", run.Error);
        File.Copy(Path.Combine(checkpoint.Fixture, "config.json"), checkpoint.File("config.json"), overwrite: true);
        File.WriteAllText(checkpoint.File("more.json"), """{"my.key": 1e39}""");
        run = Archgen.Run("convert", checkpoint.Path, "--outfile", checkpoint.File("out.gguf"), "--metadata", checkpoint.File("more.json"));
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("my.key would be Infinity", run.Error);
    }

    [Fact]
    public void Files_of_the_users_own_are_read_in_the_same_way()
    {
        using var checkpoint = new CheckpointFolder("llama-mha");
        string input = checkpoint.File("input.json"), output = checkpoint.File("output.json"), model = SharedFixtures.Local("models/stories260K.gguf");
        string[][] commands =
        [
            ["tokenize", model, "--input", input, "--output", output], ["embed", model, "--pooling", "mean", "--input", input, "--output", output],
            ["logits", model, "--tokens-file", input, "--output", output], ["convert", checkpoint.Path, "--metadata", input, "--outfile", output],
            ["convert-lora", checkpoint.Path, "--base", model, "--outfile", output], ["mutation-test", "--recipe", input],
        ];
        foreach (var command in commands)
        {
            foreach (var whole in (byte[][])[.. Wholes, "[\"\\ud83d\"]"u8.ToArray(), "[1]"u8.ToArray(), "[Infinity]"u8.ToArray(), "[[\"a\",null]]"u8.ToArray()])
            {
                File.WriteAllBytes(input, whole);
                EndsWell(Archgen.Run(command), $"{command[0]} {Encoding.UTF8.GetString(whole.AsSpan(0, Math.Min(40, whole.Length)))}");
            }
        }

        File.WriteAllText(input, """["a\ud83d"]""");
        Assert.Equal(0, Archgen.Run(commands[0]).ExitCode);
        var ids = File.ReadAllText(output);
        File.WriteAllText(input, "[\"a\uFFFD\"]");
        Assert.Equal(0, Archgen.Run(commands[0]).ExitCode);
        Assert.Equal(File.ReadAllText(output), ids);
    }

    [Theory]
    [InlineData("llama-mha")]
    [InlineData("qwen2")]
    [InlineData("bert")]
    [InlineData("t5")]
    public void A_tokenizer_of_any_shape_gives_tokens_or_a_message(string fixture)
    {
        using var checkpoint = new CheckpointFolder(fixture);
        string path = checkpoint.File("tokenizer.json"), input = checkpoint.File("input.json");
        File.WriteAllText(input, """["Hello, world"]""");
        foreach (var content in Wholes.Concat(Altered(File.ReadAllBytes(path))))
        {
            File.WriteAllBytes(path, content);
            EndsWell(Archgen.Run("tokenize", checkpoint.Path, "--input", input, "--output", checkpoint.File("ids.json")), Encoding.UTF8.GetString(content));
        }
    }

    [Fact]
    public void An_adapters_configuration_of_any_shape_ends_in_a_file_or_a_message()
    {
        using CheckpointFolder adapter = new("lora-llama-mha"), model = new("llama-mha");
        var path = adapter.File("adapter_config.json");
        var original = File.ReadAllBytes(path);
        foreach (var content in Wholes.Concat(Altered(original)))
        {
            File.WriteAllBytes(path, content);
            EndsWell(Archgen.Run("convert-lora", adapter.Path, "--base", model.Path, "--dry-run"), Encoding.UTF8.GetString(content));
        }
    }

    [Fact]
    public void A_recipe_of_any_shape_gives_a_model_or_a_message()
    {
        foreach (var content in Wholes.Concat(Altered(File.ReadAllBytes(SharedFixtures.Local("architectures/mamba2.json")))))
        {
            try
            {
                ModelRecipe.Parse("x", "x.json", content, null).ToGguf().Dispose();
            }
            catch (ArchGenException error)
            {
                Assert.StartsWith("x.", error.Message, StringComparison.Ordinal);
            }
        }
    }

    private static byte[] Converted(CheckpointFolder checkpoint, string config)
    {
        File.WriteAllText(checkpoint.File("config.json"), config);
        var run = Archgen.Run("convert", checkpoint.Path, "--outfile", checkpoint.File("out.gguf"));
        Assert.True(run.ExitCode == 0, run.Error);
        return File.ReadAllBytes(checkpoint.File("out.gguf"));
    }

    private static void Converts(CheckpointFolder checkpoint, string path, byte[] content)
    {
        File.WriteAllBytes(path, content);
        EndsWell(Archgen.Run("convert", checkpoint.Path, "--dry-run"), $"{Path.GetFileName(path)}: {Encoding.UTF8.GetString(content)}");
    }

    private static void EndsWell(Archgen run, string what)
    {
        Assert.True(run.ExitCode is 0 or 1, $"{what}: exit code {run.ExitCode}");
        var messages = run.Error.Split('\n').Count(line => line.StartsWith("archgen: ", StringComparison.Ordinal)
            && !line.Contains("is said to have id", StringComparison.Ordinal)); // a warning
        Assert.True(run.ExitCode == 0 || messages == 1, $"{what}: {run.Error}");
    }

    /// <summary>The file with one of its values replaced or taken away, for each of the first of them, and with a member of half a character.</summary>
    private static IEnumerable<byte[]> Altered(byte[] original)
    {
        var root = JsonNode.Parse(original)!;
        foreach (var (number, place) in Places(root, Depth).Index().ToList())
        {
            // Each place has a fourth of the values, and its neighbours the others.
            for (var i = number % 4; i < Values.Length; i += 4) yield return With(root, place, Values[i]);
            yield return With(root, place, null);
        }

        if (root is JsonObject) yield return Encoding.UTF8.GetBytes("{\"half\\ud83d\": \"\\ude00\"," + root.ToJsonString()[1..]);
    }

    private static IEnumerable<object[]> Places(JsonNode? node, int depth)
    {
        if (depth == 0) yield break;
        IEnumerable<(object Key, JsonNode? Value)> members = node switch
        {
            JsonObject o => o.Select(m => ((object)m.Key, m.Value)),
            JsonArray a => a.Select((v, i) => ((object)i, v)),
            _ => [],
        };
        // Members of a list, and of a vocabulary, are alike.
        foreach (var (key, value) in members.Take(depth == Depth ? MostMembers : node is JsonArray || depth == 1 ? 2 : 8))
        {
            yield return [key];
            foreach (var inner in Places(value, depth - 1)) yield return [key, .. inner];
        }
    }

    private static byte[] With(JsonNode root, object[] place, string? value)
    {
        const string Mark = "the value";
        var copy = root.DeepClone();
        var parent = copy;
        foreach (var key in place[..^1]) parent = key is int i ? parent[i]! : parent[(string)key]!;
        if (value is not null && place[^1] is int at) parent[at] = Mark;
        else if (value is not null) parent[(string)place[^1]] = Mark;
        else if (place[^1] is int index) parent.AsArray().RemoveAt(index);
        else parent.AsObject().Remove((string)place[^1]);
        return Encoding.UTF8.GetBytes(copy.ToJsonString(JsonSerializerOptions.Default).Replace($"\"{Mark}\"", value, StringComparison.Ordinal));
    }
}
