namespace ArchGen;

/// <summary>Declares a hyper-parameter: a key of the file, and of config.json.</summary>
/// <param name="key">The GGUF key without the architecture's prefix: <c>attention.head_count</c>.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class HyperParameterAttribute(string key) : Attribute
{
    /// <summary>The GGUF key without the architecture's prefix.</summary>
    public string Key { get; } = key;

    /// <summary>
    /// Its source in config.json: a key, a path (<c>ffn_config.moe_top_k</c>), or arithmetic over these (<c>hidden_size/num_attention_heads</c>).
    /// What needs more is a static method of the class over <see cref="Config"/>: <c>nameof(Width)</c>.
    /// <c>|</c> separates alternatives; the first whose keys are all present is used. Keys of config.json take precedence over
    /// <see cref="ConfigDefaultsAttribute"/>.
    /// </summary>
    public string? Hf { get; set; }

    /// <summary>The numbers for the source's strings, alone or in a list: <c>softmax=1|sigmoid=2</c>.</summary>
    public string? Values { get; set; }

    /// <summary>
    /// A source as in <see cref="Hf"/>: where it gives the same value, conversion omits the key. It is set for keys that llama.cpp's files do not have: they
    /// are written, and reported, only where the model would otherwise compute something else.
    /// </summary>
    public string? Unless { get; set; }

    /// <summary>
    /// For a <see cref="LayerPattern"/> with a period n: whether the pattern is false in the first of every n layers; by default it is in the last.
    /// </summary>
    public bool FirstDiffers { get; set; }

    /// <summary>
    /// For a <see cref="LayerPattern"/>: whether conversion writes a list of config.json as a list of truth values even if it has a period, since
    /// llama.cpp reads such a list.
    /// </summary>
    public bool AsList { get; set; }

    /// <summary>Whether conversion writes the key even if the architecture does not use it, as readers of GGUF expect.</summary>
    public bool Always { get; set; }

    /// <summary>A further GGUF key, without prefix, that conversion writes with the same value.</summary>
    public string? Also { get; set; }

    /// <summary>
    /// The value if the file has no such key: an expression over other hyper-parameters, <c>"Embd/Heads"</c>. Without it the key is required.
    /// </summary>
    public string? Default { get; set; }
}

/// <summary>The default of an inherited hyper-parameter in this architecture, where it differs from the base's.</summary>
/// <param name="member">The hyper-parameter: <c>nameof(SlidingPattern)</c>.</param>
/// <param name="value">
/// The default, as in <see cref="HyperParameterAttribute.Default"/>. If <see cref="HyperParameterAttribute.Unless"/> equals the replaced default, it is
/// replaced too.
/// </param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class DefaultAttribute(string member, string value) : Attribute
{
    /// <summary>The hyper-parameter.</summary>
    public string Member { get; } = member;

    /// <summary>The value if the file has no such key, as an expression over other hyper-parameters.</summary>
    public string Value { get; } = value;
}
