using System.Text.Json;
using ArchGen.Gguf.Files;

namespace ArchGen.Gguf.Checkpoints;

/// <summary>The index of a checkpoint in several files, <c>*.index.json</c>: <c>weight_map</c> names the file of each tensor.</summary>
internal sealed class ShardIndex
{
    private const int MaxNamed = 8;

    private readonly Dictionary<string, string> _fileOf = new(StringComparer.Ordinal);
    private readonly string _path;

    public ShardIndex(string path)
    {
        _path = path;
        var root = JsonFile.ReadObject(path);
        if (!root.TryGetProperty("weight_map", out var map) || map.ValueKind != JsonValueKind.Object)
        {
            throw new ModelFileException($"{path}: there is no \"weight_map\", expected an object that names the file of each tensor. "
                + "Download the index again.");
        }

        foreach (var entry in map.EnumerateObject())
        {
            var file = entry.Value.ValueKind == JsonValueKind.String ? entry.Value.GetString()! : "";
            if (file.Length == 0 || file.AsSpan().ContainsAny('/', '\\', '\0') || file is "." or "..")
            {
                throw new ModelFileException($"{path}: tensor {MessageText.Quote(entry.Name)} is said to be in {MessageText.Quote(entry.Value.ToString())}, "
                    + "expected the name of a file in the same folder. Download the index again.");
            }

            _fileOf[entry.Name] = file;
        }
    }

    /// <summary>The files it names, in order.</summary>
    public IReadOnlyList<string> Files => [.. _fileOf.Values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>Compares what it says with the files that are there.</summary>
    /// <exception cref="ModelFileException">There are differences; the message lists all.</exception>
    public void Check(IReadOnlyList<WeightFile> files)
    {
        var found = files.SelectMany(file => file.Tensors.Select(tensor => (tensor.Name, File: Path.GetFileName(file.Path)))).ToList();
        var there = found.ToHashSet();
        var present = files.Select(file => Path.GetFileName(file.Path)).ToHashSet(StringComparer.Ordinal);
        var missing = _fileOf.Where(entry => present.Contains(entry.Value) && !there.Contains((entry.Key, entry.Value)));
        var repeated = found.GroupBy(tensor => tensor.Name, StringComparer.Ordinal).Where(same => same.Count() > 1);
        string[] faults =
        [
            Fault("not there", "file", Files.Where(file => !present.Contains(file))),
            Fault("not in the file it names", "tensor", missing.Select(entry => $"{entry.Key} in {entry.Value}")),
            Fault("in no index", "tensor", found.Where(tensor => !_fileOf.ContainsKey(tensor.Name)).Select(tensor => $"{tensor.Name} in {tensor.File}")),
            Fault("in several files", "tensor", repeated.Select(same => $"{same.Key} in {string.Join(" and ", same.Select(t => t.File))}")),
        ];
        var message = string.Join("; ", faults.Where(fault => fault.Length > 0));
        if (message.Length > 0)
            throw new ModelFileException($"{_path}: the index and the files differ: {message}. Download what is missing, all from one checkpoint.");
    }

    private static string Fault(string fault, string what, IEnumerable<string> names)
    {
        string[] all = [.. names.Order(StringComparer.Ordinal)];
        if (all.Length == 0) return "";
        var more = all.Length > MaxNamed ? $" and {all.Length - MaxNamed} more" : "";
        var named = string.Join(", ", all.Take(MaxNamed).Select(name => MessageText.Quote(name)));
        return $"{all.Length} {what}{(all.Length == 1 ? "" : "s")} {fault}: {named}{more}";
    }
}
