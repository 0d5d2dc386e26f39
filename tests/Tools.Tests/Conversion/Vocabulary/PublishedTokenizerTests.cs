using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ArchGen.Fixtures;
using ArchGen.Gguf;
using ArchGen.Tokenizers;
using ArchGen.Tools.Conversion.Vocabulary;

namespace ArchGen.Tools.Tests.Conversion.Vocabulary;

/// <summary>Published tokenizers (fixtures/tokenizer-json), whose vocabularies are too large, or under licences too narrow, for the project.</summary>
public sealed class PublishedTokenizerTests
{
    /// <summary>Keys whose values llama.cpp gets wrong: SentencePiece BPE that is published as tokenizer.json only.</summary>
    private static readonly string[] RightHere = ["tokenizer.ggml.scores", "tokenizer.ggml.token_type"];

    [LargeFixtureFact("tokenizer-json")]
    public void Every_structure_has_its_name()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(SharedFixtures.FindLarge("tokenizer-json/pre.json")!));
        List<string> differences = [];
        foreach (var row in document.RootElement.EnumerateArray())
        {
            var expected = row.GetProperty("expected");
            var model = row.GetProperty("model");
            using TemporaryFolder folder = new();
            var isUnigram = row.GetProperty("model_type").GetString() == "Unigram";
            var isPairs = row.GetProperty("model_type").GetString() == "BPE";
            var vocabulary = isUnigram ? "[[\"<unk>\", 0], [\"a\", -1], [\"b\", -2]]" : "{\"a\": 0, \"b\": 1, \"[UNK]\": 2}";
            var body = model.GetRawText().TrimEnd()[..^1] + $", \"vocab\": {vocabulary}{(isPairs ? ", \"merges\": []" : "")}}}";
            var normalizer = System.Text.RegularExpressions.Regex.Replace(
                row.GetProperty("normalizer").GetRawText(), "\"precompiled_charsmap\":\\s*\\{[^}]*\\}", "\"precompiled_charsmap\": \"AAAA\"");
            File.WriteAllText(folder.File("tokenizer.json"),
                $"{{\"normalizer\": {normalizer}, \"pre_tokenizer\": {row.GetProperty("pre_tokenizer").GetRawText()}, "
                + $"\"post_processor\": {row.GetProperty("post_processor").GetRawText()}, \"model\": {body}, \"added_tokens\": []}}");
            var name = row.GetProperty("name").GetString()!;
            try
            {
                var actual = TokenizerMetadata.Read(folder.Path, new TokenizerOptions()).ToDictionary();
                var (kind, pre) = (actual["tokenizer.ggml.model"].AsString(), actual["tokenizer.ggml.pre"].AsString());
                HashSet<string> names = [expected.GetProperty("tokenizer.ggml.pre").GetString()!];
                if (row.TryGetProperty("same_patterns_and_flags", out var same)) names.UnionWith(same.EnumerateArray().Select(other => other.GetString()!));
                if (kind != expected.GetProperty("tokenizer.ggml.model").GetString() || !names.Contains(pre))
                    differences.Add($"{name}: {kind} {pre}, expected {expected}");
            }
            catch (ArchGenException error)
            {
                differences.Add($"{name}: {error.Message}");
            }
        }

        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }

    [LargeFixtureFact("tokenizer-json")]
    public void Every_key_is_as_the_reference_converter_writes_it()
    {
        List<string> differences = [];
        foreach (var folder in Directory.EnumerateDirectories(SharedFixtures.FindLarge("tokenizer-json")!).Order(StringComparer.Ordinal))
        {
            using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "gguf.json")));
            var name = Path.GetFileName(folder);
            List<string> told = [];
            var actual = Read(folder, new TokenizerOptions { Log = told.Add }).ToDictionary();
            foreach (var row in document.RootElement.GetProperty("metadata").EnumerateObject())
            {
                // The template of RWKV's models is llama.cpp's own; no checkpoint has it.
                if (name == "rwkv" && row.Name == "tokenizer.chat_template") continue;
                if (!actual.Remove(row.Name, out var value)) differences.Add($"{name}: {row.Name} is missing");
                else if (!Same(row.Value, value)) differences.Add($"{name}: {row.Name} is {value}, expected {row.Value}");
            }

            foreach (var row in document.RootElement.GetProperty("arrays").EnumerateObject())
            {
                if (!actual.Remove(row.Name, out var value)) differences.Add($"{name}: {row.Name} is missing");
                else if (!(name == "gemma-2" && RightHere.Contains(row.Name)) && Hash(value) != row.Value.GetProperty("sha256").GetString())
                    differences.Add($"{name}: {row.Name} of {value.Count}: {string.Join(' ', value.AsArray().Take(10))}, expected {row.Value}");
            }

            // Keys that llama.cpp's converter leaves out are told.
            differences.AddRange(actual.Where(entry => !told.Any(line => line.StartsWith(entry.Key + " ", StringComparison.Ordinal)))
                .Select(entry => $"{name}: {entry.Key}: {entry.Value}, expected none"));
        }

        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }

    /// <summary>Ids from the GGUF keys against Hugging Face's; a text that llama.cpp gets wrong may be wrong here, no other.</summary>
    [LargeFixtureFact("tokenizer-json")]
    public void Ids_are_those_of_the_published_tokenizer()
    {
        List<string> differences = [];
        foreach (var name in Open.Keys)
        {
            var folder = SharedFixtures.FindLarge($"tokenizer-json/{name}")!;
            GgufMetadata metadata = new(name);
            foreach (var (key, value) in Read(folder)) metadata[key] = value;
            var tokenizer = Tokenizer.FromMetadata(metadata);
            using var gguf = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "gguf.json")));
            var excused = gguf.RootElement.GetProperty("llama_cpp_differs").EnumerateArray().Select(row => row.GetProperty("index").GetInt32()).ToHashSet();
            using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "encode.json")));
            var index = 0;
            foreach (var row in document.RootElement.EnumerateArray())
            {
                var text = row.GetProperty("text").GetString()!;
                var expected = TokenizerIds(row.GetProperty("ids_plain"));
                var found = tokenizer.Encode(text, addSpecial: false, parseSpecial: true);
                if (!expected.SequenceEqual(found))
                {
                    var note = excused.Contains(index) ? "open" : "WRONG";
                    differences.Add(
                        $"{note} {name} {index}: {JsonSerializer.Serialize(text)}: {string.Join(' ', found)}, expected {string.Join(' ', expected)}");
                }

                index++;
            }
        }

        Assert.True(!differences.Exists(line => line.StartsWith("WRONG", StringComparison.Ordinal)), string.Join('\n', differences));
        foreach (var (name, most) in Open)
        {
            var count = differences.Count(line => line.StartsWith($"open {name} ", StringComparison.Ordinal));
            Assert.True(count <= most, $"{name}: {count} texts differ, expected at most {most}:\n{string.Join('\n', differences)}");
        }
    }

    /// <summary>With the whole tokenizer.json in the file, nothing is lost.</summary>
    [LargeFixtureFact("tokenizer-json")]
    public void Ids_are_those_of_the_published_tokenizer_if_it_is_embedded()
    {
        foreach (var name in Open.Keys.Where(name => name != "rwkv"))
        {
            var folder = SharedFixtures.FindLarge($"tokenizer-json/{name}")!;
            GgufMetadata metadata = new(name);
            foreach (var (key, value) in Read(folder, new TokenizerOptions { EmbedTokenizer = true })) metadata[key] = value;
            var tokenizer = Tokenizer.FromMetadata(metadata);
            using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "encode.json")));
            foreach (var row in document.RootElement.EnumerateArray())
            {
                var text = row.GetProperty("text").GetString()!;
                Assert.Equal(TokenizerIds(row.GetProperty("ids_plain")), tokenizer.Encode(text, addSpecial: false, parseSpecial: true));
                Assert.Equal(TokenizerIds(row.GetProperty("ids")), tokenizer.Encode(text, addSpecial: true, parseSpecial: true));
            }
        }
    }

    /// <summary>How many texts may differ, for the reasons that docs/tokenizers.md tells.</summary>
    private static readonly Dictionary<string, int> Open = new()
    {
        ["llama-3.1"] = 0,
        ["gemma-2"] = 0,
        ["deepseek-v3"] = 0,
        ["falcon-7b"] = 0,
        ["all-minilm-l6-v2"] = 0,
        ["mistral-7b-v0.3"] = 35,
        ["roberta-base"] = 0,
        ["modernbert-base"] = 0,
        ["t5-small"] = 11,
        ["rwkv"] = 0,
    };

    private static int[] TokenizerIds(JsonElement array) => [.. array.EnumerateArray().Select(id => id.GetInt32())];

    private static IReadOnlyList<KeyValuePair<string, GgufValue>> Read(string published, TokenizerOptions? options = null)
    {
        using TemporaryFolder folder = new();
        foreach (var file in Directory.EnumerateFiles(published))
        {
            var name = Path.GetFileName(file);
            if (name is "encode.json" or "gguf.json" or "steps.json") continue;
            using var from = File.OpenRead(file);
            using var to = File.Create(folder.File(name.EndsWith(".gz", StringComparison.Ordinal) ? name[..^3] : name));
            if (name.EndsWith(".gz", StringComparison.Ordinal)) new GZipStream(from, CompressionMode.Decompress).CopyTo(to);
            else from.CopyTo(to);
        }

        return TokenizerMetadata.Read(folder.Path, options ?? new TokenizerOptions());
    }

    private static bool Same(JsonElement expected, GgufValue value) => expected.ValueKind switch
    {
        JsonValueKind.String => value.AsString() == expected.GetString(),
        JsonValueKind.Number => value.AsInt64() == expected.GetInt64(),
        JsonValueKind.Object =>
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(value.AsString()))) == expected.GetProperty("sha256").GetString(),
        _ => value.AsBool() == expected.GetBoolean(),
    };

    /// <summary>The hash over the list as Python's json writes it without white space.</summary>
    private static string Hash(GgufValue value)
    {
        var elements = value.ElementType switch
        {
            GgufValueType.String => value.AsStrings().Select(Quoted),
            GgufValueType.Float32 => value.AsSingles().Select(number => Python(number)),
            _ => value.AsInt32s().Select(number => number.ToString(CultureInfo.InvariantCulture)),
        };
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"[{string.Join(',', elements)}]")));
    }

    private static string Quoted(string text)
    {
        StringBuilder quoted = new("\"");
        foreach (var c in text)
        {
            quoted.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                '\b' => "\\b",
                '\f' => "\\f",
                < ' ' => $"\\u{(int)c:x4}",
                _ => c.ToString(),
            });
        }

        return quoted.Append('"').ToString();
    }

    private static string Python(double number)
    {
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        if (text.Contains('E')) return text.Replace("E", "e");
        return text.Contains('.') ? text : text + ".0";
    }
}
