using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;

namespace ArchGen;

/// <summary>The dimensions of a tensor, slowest first, as in PyTorch: a weight of <c>y = W x</c> is <c>[out, in]</c>.</summary>
/// <remarks>Read-only: safe for concurrent use.</remarks>
public sealed class Shape : IEquatable<Shape>, IReadOnlyList<Dim>
{
    private readonly Dim[] _dims;

    /// <summary>A shape of the given dimensions, slowest first.</summary>
    public Shape(params Dim[] dims)
    {
        if (dims is null) throw new ArgumentNullException(nameof(dims));
        _dims = dims;
    }

    /// <summary>The number of dimensions.</summary>
    public int Rank => _dims.Length;

    /// <summary>The fastest dimension.</summary>
    public Dim Last => _dims[_dims.Length - 1];

    /// <inheritdoc/>
    public int Count => _dims.Length;

    /// <inheritdoc/>
    public Dim this[int index] => (uint)index < (uint)_dims.Length ? _dims[index] : throw new ArgumentOutOfRangeException(nameof(index));

    /// <summary>All dimensions but the fastest, followed by the given ones.</summary>
    public Shape WithLast(params Dim[] last)
    {
        if (last is null) throw new ArgumentNullException(nameof(last));
        return new([.. _dims.Take(_dims.Length - 1), .. last]);
    }

    /// <summary>The product of all dimensions.</summary>
    public Dim Elements => _dims.Aggregate((Dim)1, (a, b) => a * b);

    /// <summary>Each dimension replaced by another.</summary>
    public Shape Map(Func<Dim, Dim> map)
    {
        if (map is null) throw new ArgumentNullException(nameof(map));
        return new([.. _dims.Select(map)]);
    }

    /// <inheritdoc/>
    public bool Equals(Shape? other) => other is not null && _dims.SequenceEqual(other._dims);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Shape);

    /// <inheritdoc/>
    public override int GetHashCode() => _dims.Aggregate(17, (hash, dim) => unchecked((hash * 31) + dim.GetHashCode()));

    /// <summary><c>[T, Heads*HeadDim]</c>.</summary>
    public override string ToString() => "[" + string.Join(", ", _dims.Select(d => d.ToString())) + "]";

    /// <inheritdoc/>
    public IEnumerator<Dim> GetEnumerator() => ((IEnumerable<Dim>)_dims).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
