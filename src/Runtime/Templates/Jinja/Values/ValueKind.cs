namespace ArchGen.Templates.Jinja.Values;

/// <summary>The kind of a value.</summary>
internal enum ValueKind : byte
{
    /// <summary>No value: a variable or argument that was not given.</summary>
    Missing,

    /// <summary>Jinja2's Undefined.</summary>
    Undefined,

    /// <summary>None.</summary>
    None,

    /// <summary>True or False.</summary>
    Boolean,

    /// <summary>An integer of 64 bits.</summary>
    Integer,

    /// <summary>An integer beyond 64 bits.</summary>
    BigInteger,

    /// <summary>A float.</summary>
    Float,

    /// <summary>A string.</summary>
    String,

    /// <summary>A list, tuple, dict or any other object.</summary>
    Object,
}
