using System.Text.Json;

namespace ArchGen.Checkpoints;

/// <summary>The list of a sharded checkpoint: which tensor is in which file.</summary>
internal static class ShardIndex
{
    /// <summary>The files, by name.</summary>
    /// <exception cref="ArchGenException">One of them is not there, or is not beside the index.</exception>
    public static IReadOnlyList<string> Files(string index)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(index))!;
        var names = Map(index).Values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        if (names.FirstOrDefault(n => n != Path.GetFileName(n)) is { } outside) throw new ArchGenException($"{index}: the shard {outside} is not a file beside it. Download the checkpoint again.");
        var missing = names.Where(n => !File.Exists(Path.Combine(folder, n))).ToList();
        if (missing.Count > 0) throw new ArchGenException($"{index}: {missing.Count} of {names.Count} shards are missing: {string.Join(", ", missing)}. Download them.");
        return [.. names.Select(n => Path.Combine(folder, n))];
    }

    /// <summary>Checks that each tensor is where the index says it is.</summary>
    /// <exception cref="ArchGenException">Some are not: all of them.</exception>
    public static void Check(string index, IReadOnlyList<CheckpointTensor> tensors)
    {
        var map = Map(index);
        var found = tensors.SelectMany(t => t.Sources.Select(s => (Name: s, t.Place))).ToHashSet();
        var missing = map.Where(m => !found.Contains((m.Key, m.Value))).Select(m => $"{m.Key} is not in {m.Value}");
        var extra = found.Where(f => !map.ContainsKey(f.Name)).Select(f => $"{f.Name} in {f.Place} is not listed");
        var problems = missing.Concat(extra).Order(StringComparer.Ordinal).ToList();
        if (problems.Count > 0) throw new ArchGenException($"{index}: the list and the shards differ:\n  {string.Join("\n  ", problems)}\nDownload the checkpoint again.");
    }

    private static Dictionary<string, string> Map(string index)
    {
        var root = CheckpointFolder.ReadJson(index);
        if (!root.TryGetProperty("weight_map", out var map) || map.ValueKind != JsonValueKind.Object) throw new ArchGenException($"{index}: weight_map is missing. Download the checkpoint again.");
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var entry in map.EnumerateObject())
            files[entry.Name] = entry.Value.ValueKind == JsonValueKind.String ? entry.Value.GetString()! : throw new ArchGenException($"{index}: {entry.Name} names no file. Download the checkpoint again.");
        return files;
    }
}
