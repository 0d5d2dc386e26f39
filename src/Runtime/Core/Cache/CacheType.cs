namespace ArchGen.Runtime.Cache;

/// <summary>How keys and values are kept.</summary>
public enum CacheType
{
    /// <summary>32-bit floats, exact.</summary>
    F32,

    /// <summary>IEEE half-precision floats: half the memory.</summary>
    F16,

    /// <summary>Blocks of 32 signed bytes with a half-precision scale: 8.5 bits per element.</summary>
    Q8_0,
}
