namespace ArchGen;

/// <summary>Declares a hyper-parameter: a key of the file, and of config.json.</summary>
/// <param name="key">The GGUF key without the architecture's prefix: <c>attention.head_count</c>.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class HyperParameterAttribute(string key) : Attribute
{
    /// <summary>The GGUF key without the architecture's prefix.</summary>
    public string Key { get; } = key;

    /// <summary>
    /// Its source in config.json: a key, a path (<c>ffn_config.moe_top_k</c>), or arithmetic over these (<c>hidden_size/num_attention_heads</c>);
    /// alternatives are separated by <c>|</c>, and the first that has all its keys counts; what config.json says goes before <see cref="ConfigDefaultsAttribute"/>.
    /// </summary>
    public string? Hf { get; set; }

    /// <summary>What the source's texts mean, alone or in a list: <c>softmax=1|sigmoid=2</c>.</summary>
    public string? Values { get; set; }

    /// <summary>
    /// A source as in <see cref="Hf"/>: where it gives the same value, conversion leaves the key out. It marks the keys that llama.cpp's files lack:
    /// they are written, and reported, only where the model would otherwise compute something else.
    /// </summary>
    public string? Unless { get; set; }

    /// <summary>Whether conversion writes the key even if the architecture does not use it, as readers of GGUF expect.</summary>
    public bool Always { get; set; }

    /// <summary>A further GGUF key, without prefix, to which conversion gives the same value.</summary>
    public string? Also { get; set; }

    /// <summary>The value where the file has none, as an expression over other hyper-parameters: <c>"Embd/Heads"</c>. Without it the key is required.</summary>
    public string? Default { get; set; }
}

/// <summary>The value that an inherited hyper-parameter has in files of this architecture that do not tell, where it is not what the base says.</summary>
/// <param name="member">The hyper-parameter: <c>nameof(SlidingPattern)</c>.</param>
/// <param name="value">As <see cref="HyperParameterAttribute.Default"/>. An <see cref="HyperParameterAttribute.Unless"/> that is the default it replaces becomes this one.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class DefaultAttribute(string member, string value) : Attribute
{
    /// <summary>The hyper-parameter.</summary>
    public string Member { get; } = member;

    /// <summary>The value where the file has none, as an expression over other hyper-parameters.</summary>
    public string Value { get; } = value;
}
