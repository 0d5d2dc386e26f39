using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace ArchGen.Gguf;

/// <summary>
/// The key-value pairs of a GGUF file, in file order. The <c>Get</c> accessors raise an <see cref="ArchGenException"/> naming file, key, what was
/// found and what was expected; the <c>OrNull</c> ones return null for a missing key and still raise it for a value of the wrong type.
/// </summary>
/// <param name="source">The file the pairs come from, or will be written to; for messages.</param>
public sealed class GgufMetadata(string source) : IEnumerable<KeyValuePair<string, GgufValue>>
{
    private readonly OrderedDictionary<string, GgufValue> _values = new(StringComparer.Ordinal);

    /// <summary>The file named in messages.</summary>
    public string Source { get; } = source;

    public int Count => _values.Count;

    /// <summary>Reads a value that must be there; replaces a value in its place, or appends a new one.</summary>
    public GgufValue this[string key]
    {
        get => _values.TryGetValue(key, out var value) ? value : throw new ArchGenException(
            $"{Source}: key {MessageText.Quote(key)} is missing from the metadata; it is required. Use a file that has it, or convert the model again.");
        set => _values[key] = value.At($"{Source}: key {MessageText.Quote(key)}");
    }

    public bool ContainsKey(string key) => _values.ContainsKey(key);

    public bool TryGet(string key, [NotNullWhen(true)] out GgufValue? value) => _values.TryGetValue(key, out value);

    public bool Remove(string key) => _values.Remove(key);

    public string GetString(string key) => this[key].AsString();

    public int GetInt32(string key) => this[key].AsInt32();

    public uint GetUInt32(string key) => this[key].AsUInt32();

    public long GetInt64(string key) => this[key].AsInt64();

    public float GetSingle(string key) => this[key].AsSingle();

    public bool GetBool(string key) => this[key].AsBool();

    public string[] GetStrings(string key) => this[key].AsStrings();

    public int[] GetInt32s(string key) => this[key].AsInt32s();

    public float[] GetSingles(string key) => this[key].AsSingles();

    public bool[] GetBools(string key) => this[key].AsBools();

    public string? GetStringOrNull(string key) => _values.GetValueOrDefault(key)?.AsString();

    public int? GetInt32OrNull(string key) => _values.GetValueOrDefault(key)?.AsInt32();

    public uint? GetUInt32OrNull(string key) => _values.GetValueOrDefault(key)?.AsUInt32();

    public long? GetInt64OrNull(string key) => _values.GetValueOrDefault(key)?.AsInt64();

    public float? GetSingleOrNull(string key) => _values.GetValueOrDefault(key)?.AsSingle();

    public bool? GetBoolOrNull(string key) => _values.GetValueOrDefault(key)?.AsBool();

    public string[]? GetStringsOrNull(string key) => _values.GetValueOrDefault(key)?.AsStrings();

    public int[]? GetInt32sOrNull(string key) => _values.GetValueOrDefault(key)?.AsInt32s();

    public float[]? GetSinglesOrNull(string key) => _values.GetValueOrDefault(key)?.AsSingles();

    public bool[]? GetBoolsOrNull(string key) => _values.GetValueOrDefault(key)?.AsBools();

    public IEnumerator<KeyValuePair<string, GgufValue>> GetEnumerator() => _values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
