namespace ArchGen;

/// <summary>The precision of GELU.</summary>
public enum GeluPrecision
{
    /// <summary>Single precision, as in the model's author's code.</summary>
    Exact,

    /// <summary>ggml's table in half precision, for comparison with a reference that reads it (<see cref="Op.GeluTable"/>).</summary>
    F16Table,
}
