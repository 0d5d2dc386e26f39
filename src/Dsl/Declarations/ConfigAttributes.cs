namespace ArchGen;

/// <summary>A key of config.json whose value this declaration takes for granted; another value is an error.</summary>
/// <param name="key">The key; <c>|</c> separates several.</param>
/// <param name="value">The values that it may have; <c>|</c> separates them. A missing key and null are taken as one of them.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class ConfigIsAttribute(string key, string value) : Attribute
{
    /// <summary>The key.</summary>
    public string Key { get; } = key;

    /// <summary>The values that it may have.</summary>
    public string Value { get; } = value;
}

/// <summary>
/// The values that keys have which config.json leaves out: the defaults of transformers' config class, for the keys that this declaration reads. A key
/// that is neither in the file nor here has the value that it has in files which do not tell, or is an error.
/// </summary>
/// <param name="values">Keys, or paths, and values, separated by <c>|</c>: <c>rope_theta=1000000|norm_topk_prob=false|rope_scaling.factor=32</c>.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class ConfigDefaultsAttribute(string values) : Attribute
{
    /// <summary>Keys and values.</summary>
    public string Values { get; } = values;

    /// <summary>The classes of transformers that have these defaults, separated by <c>|</c>; without it, all that the architecture implements.</summary>
    public string? For { get; set; }

    /// <summary>The key that config.json must have for these defaults to hold: of two layouts of a class, the one that has it.</summary>
    public string? With { get; set; }
}

/// <summary>Keys of config.json that this architecture does not need, and why.</summary>
/// <param name="keys">The keys; <c>|</c> separates several.</param>
/// <param name="reason">Why they are left alone.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class IgnoredConfigAttribute(string keys, string reason) : Attribute
{
    /// <summary>The keys.</summary>
    public string Keys { get; } = keys;

    /// <summary>Why they are left alone.</summary>
    public string Reason { get; } = reason;
}

/// <summary>A further key that files of this architecture, but not of its variants, have for the sake of other programs.</summary>
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
