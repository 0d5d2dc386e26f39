using System.Globalization;
using System.Text.RegularExpressions;

namespace ArchGen.Gguf;

/// <summary>The naming and the keys of models split into several files: <c>NAME-00001-of-00003.gguf</c>, <c>split.no</c> counted from 0.</summary>
internal static partial class GgufSplit
{
    public const string NumberKey = "split.no";
    public const string CountKey = "split.count";
    public const string TensorCountKey = "split.tensors.count";

    private const string Extension = ".gguf";

    /// <summary>Number of files the model is split into; 1 if it is not split.</summary>
    public static int CountParts(GgufMetadata metadata)
    {
        var count = metadata.GetInt32OrNull(CountKey) ?? 1;
        return count is >= 0 and <= 99999 ? Math.Max(count, 1) : throw new ModelFileException(
            $"{metadata.Source}: key \"{CountKey}\": found {count}; expected 0 to 99999. Split the model again.");
    }

    /// <summary>Paths of all parts, given the path of the first; the message names the first if it is another part.</summary>
    public static string[] PathsFromFirst(string path, GgufMetadata metadata, int count)
    {
        var match = PartName().Match(path);
        var number = metadata.GetInt32(NumberKey);
        string PathOf(int part) => string.Create(CultureInfo.InvariantCulture, $"{match.Groups[1].Value}-{part + 1:D5}-of-{count:D5}.gguf");

        if (!match.Success || path != PathOf(number))
        {
            throw new ModelFileException($"{path}: the file is part {number + 1} of {count} of a split model, and its name does not say so; expected a name "
                + string.Create(CultureInfo.InvariantCulture, $"ending in -{number + 1:D5}-of-{count:D5}.gguf. Give all parts back their original names."));
        }

        if (number != 0)
            throw new ModelFileException($"{path}: the file is part {number + 1} of {count} of a split model. Open the first part instead: {PathOf(0)}");
        return [.. Enumerable.Range(0, count).Select(PathOf)];
    }

    /// <summary>Checks that a further part says of itself what its name says.</summary>
    public static void CheckPart(GgufMetadata metadata, int number, int count)
    {
        int foundNumber = metadata.GetInt32(NumberKey), foundCount = metadata.GetInt32(CountKey);
        if (foundNumber != number || foundCount != count)
        {
            throw new ModelFileException($"{metadata.Source}: by its metadata the file is part {foundNumber + 1} of {foundCount}; "
                + $"expected part {number + 1} of {count}. Download the parts again, all from one model.");
        }
    }

    /// <summary>The path of one part of the model that would be written to a path as a whole.</summary>
    public static string PartPath(string path, int part, int count)
    {
        var stem = path.EndsWith(Extension, StringComparison.OrdinalIgnoreCase) ? path[..^Extension.Length] : path;
        return string.Create(CultureInfo.InvariantCulture, $"{stem}-{part + 1:D5}-of-{count:D5}{Extension}");
    }

    /// <summary>
    /// The keys of one part: the first has all, the others only their number. In the order of llama.cpp's converter and llama-quantize; llama-gguf-split has
    /// another one.
    /// </summary>
    public static GgufMetadata PartMetadata(GgufMetadata metadata, int part, int count, int tensors)
    {
        var own = new GgufMetadata(metadata.Source);
        if (part == 0)
        {
            foreach (var (key, value) in metadata)
                own[key] = value;
        }

        own[NumberKey] = GgufValue.From((ushort)part);
        own[CountKey] = GgufValue.From((ushort)count);
        own[TensorCountKey] = GgufValue.From(tensors);
        return own;
    }

    [GeneratedRegex(@"^(.*)-[0-9]{5}-of-[0-9]{5}\.gguf$", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex PartName();
}
