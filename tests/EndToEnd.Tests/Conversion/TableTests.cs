using System.Text.Json;
using ArchGen.Architectures;

namespace ArchGen.EndToEnd.Tests.Conversion;

/// <summary>The tables of what other programs do: their rows are in order, and each is of an architecture or a class that there is.</summary>
public sealed class TableTests
{
    [Fact]
    public void Each_row_of_llama_cpp_is_of_an_architecture()
    {
        Assert.Equal(LlamaCppTable.Rows.Keys.Order(StringComparer.Ordinal), LlamaCppTable.Rows.Keys);
        Assert.Subset(Catalog.All.Select(a => a.Name).ToHashSet(StringComparer.Ordinal), LlamaCppTable.Rows.Keys.ToHashSet(StringComparer.Ordinal));
    }

    [Fact]
    public void Each_group_of_defaults_is_of_claimed_classes_and_its_keys_are_read()
    {
        Assert.Equal(ConfigDefaultsFile.All.OrderBy(g => g.Classes[0], StringComparer.Ordinal).Select(g => g.Classes[0]),
            ConfigDefaultsFile.All.Select(g => g.Classes[0]));
        foreach (var group in ConfigDefaultsFile.All)
        {
            var architecture = Assert.Single(Catalog.All, a => group.Classes.All(a.HuggingFaceClasses.Contains));
            var conversion = architecture.Conversion;
            string[] ofTokenizer = ["vocab_size", "bos_token_id", "eos_token_id", "pad_token_id", "sep_token_id"];
            var ofMethods = new RecordingConfig();
            foreach (var key in conversion.Keys) key.Method?.Invoke(ofMethods);
            var read = conversion.Keys.SelectMany(k => new[] { k.Source, k.Unless }).OfType<string>().SelectMany(ConfigSource.KeysOf).Concat(ofMethods.Keys)
                .Concat(conversion.Fixed.Select(f => f.Key)).Concat(ofTokenizer).ToHashSet(StringComparer.Ordinal);
            var keys = group.Values.Select(v => v.Key).ToList();
            Assert.Equal(keys.Distinct(StringComparer.Ordinal), keys);
            Assert.DoesNotContain(keys, k => !read.Contains(k) && !k.StartsWith("rope_scaling.", StringComparison.Ordinal));
        }
    }

    /// <summary>An empty config that remembers what it is asked for: methods read each key that they may need before they decide.</summary>
    private sealed class RecordingConfig : Config
    {
        public HashSet<string> Keys { get; } = new(StringComparer.Ordinal);

        public override ModelFileException Error(string path, string problem) => new($"{path} {problem}.");

        protected override JsonElement? Read(string key)
        {
            Keys.Add(key);
            return null;
        }
    }
}
