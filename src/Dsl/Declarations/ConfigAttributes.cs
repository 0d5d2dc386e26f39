namespace ArchGen;

/// <summary>A key of config.json whose value this declaration assumes; another value is an error.</summary>
/// <param name="key">The key; <c>|</c> separates several.</param>
/// <param name="value">The allowed values, separated by <c>|</c>. A missing key and null count as allowed.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class ConfigIsAttribute(string key, string value) : Attribute
{
    /// <summary>The key.</summary>
    public string Key { get; } = key;

    /// <summary>The allowed values.</summary>
    public string Value { get; } = value;
}

/// <summary>
/// The values of keys that config.json omits: the defaults of the author's config class, for the keys that this declaration reads. A key that is neither in
/// config.json nor here has the default of its hyper-parameter; without one it is an error. ArchGen's own architectures have theirs in
/// <c>src/Dsl/Conversion/config-defaults.txt</c>.
/// </summary>
/// <param name="values">Keys, or paths, and values, separated by <c>|</c>: <c>rope_theta=1000000|norm_topk_prob=false|rope_scaling.factor=32</c>.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class ConfigDefaultsAttribute(string values) : Attribute
{
    /// <summary>Keys and values.</summary>
    public string Values { get; } = values;

    /// <summary>The classes of transformers that have these defaults, separated by <c>|</c>; by default all that the architecture implements.</summary>
    public string? For { get; set; }

    /// <summary>The key that config.json must have for these defaults to apply, where a class has two layouts of config.json.</summary>
    public string? With { get; set; }
}

/// <summary>Keys of config.json that this architecture does not need, and the reason.</summary>
/// <param name="keys">The keys; <c>|</c> separates several.</param>
/// <param name="reason">The reason for ignoring them.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class IgnoredConfigAttribute(string keys, string reason) : Attribute
{
    /// <summary>The keys.</summary>
    public string Keys { get; } = keys;

    /// <summary>The reason for ignoring them.</summary>
    public string Reason { get; } = reason;
}

/// <summary>
/// A further GGUF key that conversion writes for compatibility with llama.cpp. Architectures derived from this one do not inherit it.
/// </summary>
/// <param name="key">The GGUF key without the architecture's prefix.</param>
/// <param name="source">Its value: a source in config.json as in <see cref="HyperParameterAttribute.Hf"/>, or a text in single quotes.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class WritesAttribute(string key, string source) : Attribute
{
    /// <summary>The GGUF key.</summary>
    public string Key { get; } = key;

    /// <summary>Its value.</summary>
    public string Source { get; } = source;
}
