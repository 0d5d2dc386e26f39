namespace ArchGen;

/// <summary>How GELU is computed.</summary>
public enum GeluPrecision
{
    /// <summary>As the model's author defines it, in single precision.</summary>
    Exact,

    /// <summary>As ggml reads it from a table in half precision, to compare with a reference that does (<see cref="Op.GeluTable"/>).</summary>
    F16Table,
}
