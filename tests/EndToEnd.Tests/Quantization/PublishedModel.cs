using System.Collections.Immutable;
using System.Globalization;
using System.IO.Compression;
using System.Text.RegularExpressions;
using ArchGen.Architectures;
using ArchGen.Fixtures;
using ArchGen.Formats;
using ArchGen.Gguf;
using ArchGen.Runtime.Generation;
using ArchGen.Tools.Quantization.Mixes;
using ArchGen.Tools.Quantization.Plan;
using ArchGen.Tools.Quantization.Roles;

namespace ArchGen.EndToEnd.Tests.Quantization;

/// <summary>A published model: its tensors, and for each file type the type that llama.cpp gives each.</summary>
internal sealed partial class PublishedModel
{
    private const string Folder = "quantization/type-selection";

    private PublishedModel(string name, string architecture, IReadOnlyList<SourceTensor> tensors)
    {
        (Name, Architecture, Tensors) = (name, architecture, tensors);
        var text = Schema(name);
        var facts = Fact().Matches(text).ToDictionary(m => m.Groups[1].Value, m => int.Parse(m.Groups[2].ValueSpan, CultureInfo.InvariantCulture));
        Declaration = Catalog.All.Find(architecture);
        var keyHeads = facts["n_head_kv"];
        Traits = new ModelTraits(
            facts["n_layer"], facts.GetValueOrDefault("n_expert"), keyHeads == 0 ? 0 : facts["n_head"] / keyHeads, false, Declaration?.Quantization ?? new());
        Sections = [.. Section().Matches(text).Select(m => new Expected(
            m.Groups[1].Value, TypeOf(m.Groups[2].Value),
            Exception().Matches(m.Groups[3].Value).ToDictionary(e => e.Groups[1].Value, e => TypeOf(e.Groups[2].Value))))];
    }

    public string Name { get; }

    public string Architecture { get; }

    /// <summary>The declaration, or null.</summary>
    public ArchitectureInfo? Declaration { get; }

    public ModelTraits Traits { get; }

    public IReadOnlyList<SourceTensor> Tensors { get; }

    public IReadOnlyList<Expected> Sections { get; }

    public static IReadOnlyList<PublishedModel> All { get; } = ReadAll();

    /// <summary>The types of all tensors by name.</summary>
    public Dictionary<string, TensorType> Choose(string fileType, Func<string, TensorRole> roleOf)
    {
        Assert.True(FileType.TryParse(fileType, out var type), fileType);
        var types = new TypeSelection(type, Traits, roleOf, new QuantizationOptions()).Choose(Tensors);
        return Tensors.Select((t, i) => (t.Name, types[i].Type)).ToDictionary();
    }

    private static List<PublishedModel> ReadAll()
    {
        var models = new List<PublishedModel>();
        foreach (var paragraph in File.ReadAllText(SharedFixtures.Local($"{Folder}/models.txt")).ReplaceLineEndings("\n").Split("\n\n").Skip(1))
        {
            var lines = paragraph.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            var tensors = lines.Skip(1).Select(l => l.Split(' ')).SelectMany(words => Blocks(words[0]).Select(block => new SourceTensor(
                block + words[1], TensorType.F32, [.. words.Skip(2).Select(w => long.Parse(w, CultureInfo.InvariantCulture))])));
            models.Add(new PublishedModel(lines[0].Split(' ')[0], lines[0].Split(' ')[1], [.. tensors.OrderBy(t => t.Name, TensorOrder.Instance)]));
        }

        return models;
    }

    /// <summary>The prefixes of some blocks: <c>0-2,5</c>; <c>-</c> for a tensor of none.</summary>
    private static IEnumerable<string> Blocks(string ranges) => ranges == "-" ? [""] :
        from range in ranges.Split(',')
        let ends = range.Split('-')
        let first = int.Parse(ends[0], CultureInfo.InvariantCulture)
        from block in Enumerable.Range(first, int.Parse(ends[^1], CultureInfo.InvariantCulture) - first + 1)
        select $"blk.{block}.";

    private static string Schema(string name)
    {
        using var file = new GZipStream(File.OpenRead(SharedFixtures.Local($"{Folder}/{name}.schema.gz")), CompressionMode.Decompress);
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }

    private static TensorType TypeOf(string name) => TensorTypes.TryParse(name, out var type) ? type : throw new FormatException(name);

    [GeneratedRegex(@"(n_\w+)=([0-9]+)")]
    private static partial Regex Fact();

    [GeneratedRegex(@"^\[(\w+)\] (\w+)\n((?:[^\[\n]+\n)*)", RegexOptions.Multiline)]
    private static partial Regex Section();

    [GeneratedRegex(@"^(\S+) (\w+)$", RegexOptions.Multiline)]
    private static partial Regex Exception();

    /// <summary>What a file type makes of the model: its usual type, and the tensors that have others.</summary>
    internal sealed record Expected(string FileType, TensorType Type, IReadOnlyDictionary<string, TensorType> Exceptions);
}
