using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace ArchGen.Gguf;

/// <summary>
/// The key-value pairs of a GGUF file, in file order. The <c>Get</c> accessors raise an <see cref="ModelFileException"/> naming file, key, what was
/// found and what was expected; the <c>OrNull</c> ones return null for a missing key and still raise it for a value of the wrong type.
/// </summary>
/// <remarks>Safe for concurrent readers while nobody changes it.</remarks>
/// <param name="source">The file the pairs come from, or will be written to; for messages.</param>
public sealed class GgufMetadata(string source) : IEnumerable<KeyValuePair<string, GgufValue>>
{
    private readonly OrderedDictionary<string, GgufValue> _values = new(StringComparer.Ordinal);

    /// <summary>The file named in messages.</summary>
    public string Source { get; } = source;

    /// <summary>The number of keys.</summary>
    public int Count => _values.Count;

    /// <summary>Reads a value that must be there; replaces a value in its place, or appends a new one.</summary>
    public GgufValue this[string key]
    {
        get => _values.TryGetValue(key, out var value) ? value : throw new ModelFileException(
            $"{Source}: key {MessageText.Quote(key)} is missing from the metadata; it is required. Use a file that has it, or convert the model again.");
        set
        {
            ArgumentNullException.ThrowIfNull(key);
            ArgumentNullException.ThrowIfNull(value);
            _values[key] = value.At($"{Source}: key {MessageText.Quote(key)}");
        }
    }

    /// <summary>Whether the key is there.</summary>
    public bool ContainsKey(string key) => _values.ContainsKey(key);

    /// <summary>Finds the value of a key; false if the key is missing.</summary>
    public bool TryGet(string key, [NotNullWhen(true)] out GgufValue? value) => _values.TryGetValue(key, out value);

    /// <summary>Removes a key; false if it was not there.</summary>
    public bool Remove(string key) => _values.Remove(key);

    /// <summary>The value of a key: a string.</summary>
    /// <exception cref="ArchGenException">The key is missing, or its value has another type or does not fit.</exception>
    public string GetString(string key) => this[key].AsString();

    /// <summary>The value of a key: an integer of any GGUF type, as a 32-bit one.</summary>
    /// <exception cref="ArchGenException">The key is missing, or its value has another type or does not fit.</exception>
    public int GetInt32(string key) => this[key].AsInt32();

    /// <summary>The value of a key: an integer of any GGUF type, as an unsigned 32-bit one.</summary>
    /// <exception cref="ArchGenException">The key is missing, or its value has another type or does not fit.</exception>
    public uint GetUInt32(string key) => this[key].AsUInt32();

    /// <summary>The value of a key: an integer of any GGUF type, as a 64-bit one.</summary>
    /// <exception cref="ArchGenException">The key is missing, or its value has another type or does not fit.</exception>
    public long GetInt64(string key) => this[key].AsInt64();

    /// <summary>The value of a key: a number of any GGUF type, as f32.</summary>
    /// <exception cref="ArchGenException">The key is missing, or its value has another type or does not fit.</exception>
    public float GetSingle(string key) => this[key].AsSingle();

    /// <summary>The value of a key: true or false.</summary>
    /// <exception cref="ArchGenException">The key is missing, or its value has another type or does not fit.</exception>
    public bool GetBool(string key) => this[key].AsBool();

    /// <summary>The value of a key: an array of strings.</summary>
    /// <exception cref="ArchGenException">The key is missing, or its value has another type or does not fit.</exception>
    public string[] GetStrings(string key) => this[key].AsStrings();

    /// <summary>The value of a key: an array of integers of any GGUF type.</summary>
    /// <exception cref="ArchGenException">The key is missing, or its value has another type or does not fit.</exception>
    public int[] GetInt32s(string key) => this[key].AsInt32s();

    /// <summary>The value of a key: an array of numbers of any GGUF type, as f32.</summary>
    /// <exception cref="ArchGenException">The key is missing, or its value has another type or does not fit.</exception>
    public float[] GetSingles(string key) => this[key].AsSingles();

    /// <summary>The value of a key: an array of bool.</summary>
    /// <exception cref="ArchGenException">The key is missing, or its value has another type or does not fit.</exception>
    public bool[] GetBools(string key) => this[key].AsBools();

    /// <summary>The value of a key: a string; null if the key is missing.</summary>
    /// <exception cref="ArchGenException">The value has another type or does not fit.</exception>
    public string? GetStringOrNull(string key) => _values.GetValueOrDefault(key)?.AsString();

    /// <summary>The value of a key: an integer of any GGUF type, as a 32-bit one; null if the key is missing.</summary>
    /// <exception cref="ArchGenException">The value has another type or does not fit.</exception>
    public int? GetInt32OrNull(string key) => _values.GetValueOrDefault(key)?.AsInt32();

    /// <summary>The value of a key: an integer of any GGUF type, as an unsigned 32-bit one; null if the key is missing.</summary>
    /// <exception cref="ArchGenException">The value has another type or does not fit.</exception>
    public uint? GetUInt32OrNull(string key) => _values.GetValueOrDefault(key)?.AsUInt32();

    /// <summary>The value of a key: an integer of any GGUF type, as a 64-bit one; null if the key is missing.</summary>
    /// <exception cref="ArchGenException">The value has another type or does not fit.</exception>
    public long? GetInt64OrNull(string key) => _values.GetValueOrDefault(key)?.AsInt64();

    /// <summary>The value of a key: a number of any GGUF type, as f32; null if the key is missing.</summary>
    /// <exception cref="ArchGenException">The value has another type or does not fit.</exception>
    public float? GetSingleOrNull(string key) => _values.GetValueOrDefault(key)?.AsSingle();

    /// <summary>The value of a key: true or false; null if the key is missing.</summary>
    /// <exception cref="ArchGenException">The value has another type or does not fit.</exception>
    public bool? GetBoolOrNull(string key) => _values.GetValueOrDefault(key)?.AsBool();

    /// <summary>The value of a key: an array of strings; null if the key is missing.</summary>
    /// <exception cref="ArchGenException">The value has another type or does not fit.</exception>
    public string[]? GetStringsOrNull(string key) => _values.GetValueOrDefault(key)?.AsStrings();

    /// <summary>The value of a key: an array of integers of any GGUF type; null if the key is missing.</summary>
    /// <exception cref="ArchGenException">The value has another type or does not fit.</exception>
    public int[]? GetInt32sOrNull(string key) => _values.GetValueOrDefault(key)?.AsInt32s();

    /// <summary>The value of a key: an array of numbers of any GGUF type, as f32; null if the key is missing.</summary>
    /// <exception cref="ArchGenException">The value has another type or does not fit.</exception>
    public float[]? GetSinglesOrNull(string key) => _values.GetValueOrDefault(key)?.AsSingles();

    /// <summary>The value of a key: an array of bool; null if the key is missing.</summary>
    /// <exception cref="ArchGenException">The value has another type or does not fit.</exception>
    public bool[]? GetBoolsOrNull(string key) => _values.GetValueOrDefault(key)?.AsBools();

    /// <summary>The pairs, in file order.</summary>
    public IEnumerator<KeyValuePair<string, GgufValue>> GetEnumerator() => _values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
