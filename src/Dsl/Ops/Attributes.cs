using System.Globalization;

namespace ArchGen;

/// <summary>The numbers of one node, sorted by <see cref="Attr"/>, with value equality.</summary>
public readonly struct Attributes : IEquatable<Attributes>
{
    private readonly (Attr Key, double Value)[]? _values;

    /// <summary>The given numbers.</summary>
    public Attributes(params (Attr Key, double Value)[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        _values = ((Attr, double)[])values.Clone();
        for (var i = 1; i < _values.Length; i++)
        {
            for (var j = i; j > 0 && _values[j - 1].Key > _values[j].Key; j--) (_values[j - 1], _values[j]) = (_values[j], _values[j - 1]);
        }
    }

    /// <summary>Key and value, sorted by key.</summary>
    public ReadOnlySpan<(Attr Key, double Value)> Values => _values;

    /// <summary>The number, or null if it is not given.</summary>
    public double? Find(Attr key)
    {
        foreach (var (k, value) in Values)
        {
            if (k == key) return value;
        }

        return null;
    }

    /// <summary>The number, or 0 if it is not given.</summary>
    public float Single(Attr key) => (float)(Find(key) ?? 0);

    /// <summary>The number, or 0 if it is not given.</summary>
    public int Int32(Attr key) => (int)(Find(key) ?? 0);

    /// <inheritdoc/>
    public bool Equals(Attributes other) => Values.SequenceEqual(other.Values);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Attributes other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var (key, value) in Values) hash.Add((key, value));
        return hash.ToHashCode();
    }

    /// <summary><c>{epsilon=1E-05}</c>, empty if there are none.</summary>
    public override string ToString() => Values.IsEmpty
        ? ""
        : "{" + string.Join(", ", _values!.Select(v => $"{Name(v.Key)}={v.Value.ToString("R", CultureInfo.InvariantCulture)}")) + "}";

    internal static string Name(Attr key) => char.ToLowerInvariant(key.ToString()[0]) + key.ToString()[1..];
}
