using System.Runtime.CompilerServices;

namespace ArchGen.Grammars.Parsing;

/// <summary>The items of a row, to find an equal one. It is made of a list for a search, and of arrays to be kept.</summary>
internal readonly struct RowKey : IEquatable<RowKey>
{
    private readonly List<(int Dot, Row Origin)>? _items;
    private readonly int[]? _dots;
    private readonly Row[]? _origins;
    private readonly bool _canEnd;
    private readonly int _hash;

    public RowKey(List<(int Dot, Row Origin)> items, bool canEnd)
    {
        (_items, _canEnd) = (items, canEnd);
        _hash = Hash();
    }

    public RowKey(int[] dots, Row[] origins, bool canEnd)
    {
        (_dots, _origins, _canEnd) = (dots, origins, canEnd);
        _hash = Hash();
    }

    private int Count => _items?.Count ?? _dots!.Length;

    public bool Equals(RowKey other)
    {
        if (_hash != other._hash || _canEnd != other._canEnd || Count != other.Count) return false;
        for (var i = 0; i < Count; i++)
        {
            var (dot, origin) = At(i);
            var (otherDot, otherOrigin) = other.At(i);
            if (dot != otherDot || !ReferenceEquals(origin, otherOrigin)) return false;
        }

        return true;
    }

    public override bool Equals(object? obj) => obj is RowKey other && Equals(other);

    public override int GetHashCode() => _hash;

    private (int Dot, Row Origin) At(int index) => _items is null ? (_dots![index], _origins![index]) : _items[index];

    private int Hash()
    {
        HashCode hash = default;
        hash.Add(_canEnd);
        for (var i = 0; i < Count; i++)
        {
            var (dot, origin) = At(i);
            hash.Add(dot);
            hash.Add(RuntimeHelpers.GetHashCode(origin));
        }

        return hash.ToHashCode();
    }
}
