using System.Globalization;
using System.Text.Json;
using ArchGen.Gguf;
using ArchGen.Gguf.Files;

namespace ArchGen.Tools.Conversion;

/// <summary>Translates config.json into a file's keys, as an architecture declares it, and accounts for every key.</summary>
/// <param name="architecture">The architecture.</param>
/// <param name="config">The checkpoint's config.</param>
/// <param name="className">The class of transformers.</param>
internal sealed class HyperParameterTranslator(ArchitectureInfo architecture, CheckpointConfig config, string className)
{
    private readonly List<string> _log = [];
    private readonly List<string> _problems = [];

    /// <summary>Lines that a user should see: keys that llama.cpp does not read.</summary>
    public IReadOnlyList<string> Log => _log;

    /// <summary>Factors of rotary frequencies that the file has as tensors, by name.</summary>
    public IReadOnlyDictionary<string, float[]> RopeFactors { get; private set; } = new Dictionary<string, float[]>();

    /// <summary>Takes keys that are not known, with their values, in place of an error; null for an error.</summary>
    public Action<string, string>? Unknown { get; init; }

    /// <summary>Adds the architecture's keys.</summary>
    /// <param name="metadata">Receives the keys.</param>
    /// <param name="ignored">Keys of config.json that the user asked to ignore.</param>
    /// <exception cref="ModelFileException">Keys of config.json are not known or not as the declaration needs them; the message lists all.</exception>
    public void Translate(GgufMetadata metadata, IEnumerable<string> ignored)
    {
        Check();
        var applicable = Applicable().ToList();
        foreach (var key in applicable)
        {
            if (key.Type != "RopeScaling" && key.Key is not ("tokenizer.ggml.pre" or "general.file_type")) Add(metadata, key);
        }

        if (config.RopeScope is { } scope && !ignored.Contains(scope)) AddRope(metadata, scope, applicable.Any(k => k.Type == "RopeScaling"));
        foreach (var key in ignored)
        {
            config.Ignore(key);
            _log.Add($"config.json: {key} is ignored as you asked; the model may compute something else than its author's.");
        }

        Account();
        if (_problems.Count == 0) return;
        throw new ModelFileException(
            $"{config.Place}: the config does not fit the declaration of {architecture.Name} ({className}):\n  {string.Join("\n  ", _problems)}");
    }

    /// <summary>The source of each key for the class: its own, or that of all classes.</summary>
    private IEnumerable<ConfigKey> Applicable() => architecture.Conversion.Keys.GroupBy(k => k.Key, StringComparer.Ordinal)
        .Select(g => g.FirstOrDefault(k => k.For == className) ?? g.FirstOrDefault(k => k.For is null)).OfType<ConfigKey>();

    private void Check()
    {
        foreach (var (key, values) in architecture.Conversion.Fixed)
        {
            if (config.Find(key) is not { } found || IsOneOf(found, values.Split('|'))) continue;
            var origin = config.FindGiven(key) is null ? $", the default of {className}," : "";
            _problems.Add($"{key} is {CheckpointConfig.Text(found)}{origin}, but this architecture computes {values}. "
                + $"Declare what that value means, or pass --ignore-config {key}.");
        }
    }

    /// <summary>Whether a value, or each element of a list, is one of those named; numbers are compared as numbers.</summary>
    private static bool IsOneOf(JsonElement value, string[] allowed) => value.ValueKind switch
    {
        JsonValueKind.Array => value.EnumerateArray().All(element => IsOneOf(element, allowed)),
        JsonValueKind.Number => allowed.Any(a => double.TryParse(a, CultureInfo.InvariantCulture, out var number) && number == value.GetDouble()),
        _ => allowed.Contains(CheckpointConfig.Text(value), StringComparer.Ordinal),
    };

    private void Add(GgufMetadata metadata, ConfigKey key)
    {
        var name = HyperParameterReader.FullKey(architecture.Name, key.Key);
        var value = Evaluate(key.Source, key);
        if (value is null || metadata.ContainsKey(name)) return;
        if (key.Unless is { } unless && Evaluate(unless, key) is { } otherwise && IsSame(value, otherwise)) return;
        if (IsFraction(value, key) || Stored(value, key.Type) is not { } stored)
        {
            _problems.Add($"{key.Source} is {Text(value)}, but {name} is declared as {key.Type}: expected {Expected(key.Type)}. "
                + "Correct config.json, or the type in the declaration.");
            return;
        }

        metadata[name] = stored;
        if (key.Unless is not null) _log.Add($"{name} = {value} is written: the author's model needs it. llama.cpp does not read it.");
    }

    private object? Evaluate(string source, ConfigKey key)
    {
        var value = Meaning(
            key.Method is { } method && source == key.Source ? ConfigExpression.Plain(method(config)) : ConfigExpression.Evaluate(source, config), source, key);
        return key is { Type: "LayerPattern", AsList: false } && Flags(value) is { } layers && LayerPattern.PeriodOf(layers, key.FirstDiffers) is { } period
            ? (long)period
            : value;
    }

    /// <summary>A value, or the numbers that the declaration has for its strings.</summary>
    private object? Meaning(object? value, string source, ConfigKey key)
    {
        if (key.Values is not { } values || value is not (string or string[])) return value;
        var meanings = ConfigSource.ParseValues(values);
        var texts = value as string[] ?? [(string)value];
        if (texts.FirstOrDefault(t => !meanings.ContainsKey(t)) is { } unknown)
        {
            _problems.Add($"{source} is '{unknown}', expected {(meanings.Count == 1 ? "" : "one of ")}{string.Join(", ", meanings.Keys)}.");
            return null;
        }

        return value is string text ? meanings[text] : Array.ConvertAll(texts, t => meanings[t]);
    }

    /// <summary>Whether a number that the config itself states, not one computed from others, would lose its fraction.</summary>
    private bool IsFraction(object value, ConfigKey key) => key.Type is "int" or "PerLayer<int>" && value is double number && number != Math.Floor(number)
        && key.Source.Split('|').Any(source => config.Find(source.Trim()) is { ValueKind: JsonValueKind.Number } stated && stated.GetDouble() == number);

    private static string Text(object value) => value switch
    {
        bool flag => flag ? "true" : "false",
        Array => "a list",
        _ => System.Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Expected(string type) => type switch
    {
        "bool" => "true or false",
        "string" => "a text",
        "int" => "a whole number from 0 to 4294967295",
        "PerLayer<int>" => "a whole number from 0 to 4294967295, or one per layer",
        "PerLayer<float>" => "a number up to 3.4E+38, or one per layer",
        "PerLayer<bool>" => "true or false, or a list of them, one per layer",
        "LayerPattern" => "a period, or a list with true, false, 1 or 0 per layer",
        _ => "a number up to 3.4E+38",
    };

    private static bool IsSame(object a, object b) =>
        a is bool or string || b is bool or string ? a.Equals(b)
        : a is Array || b is Array ? false
        : (float)System.Convert.ToDouble(a, null) == (float)System.Convert.ToDouble(b, null);

    private static GgufValue? Stored(object value, string type) => (type, value) switch
    {
        ("any" or "bool" or "PerLayer<bool>", bool flag) => GgufValue.From(flag),
        ("any" or "string", string text) => GgufValue.From(text),
        ("float" or "PerLayer<float>", long whole) => GgufValue.From((float)whole),
        ("float" or "PerLayer<float>" or "any", double number) when float.IsFinite((float)number) => GgufValue.From((float)number),
        ("any" or "int" or "PerLayer<int>" or "LayerPattern", long whole and >= 0 and <= uint.MaxValue) => GgufValue.From((uint)whole),
        // rotary_pct * width may be fractional; only whole elements can rotate.
        ("int" or "PerLayer<int>", double number) when number is >= 0 and <= uint.MaxValue => GgufValue.From((uint)number),
        ("PerLayer<int>" or "any", long[] list) when list.All(e => e is >= 0 and <= int.MaxValue) => GgufValue.From(Array.ConvertAll(list, e => (int)e)),
        ("PerLayer<float>", long[] list) => GgufValue.From(Array.ConvertAll(list, e => (float)e)),
        ("PerLayer<float>" or "any", double[] list) when list.All(e => float.IsFinite((float)e)) => GgufValue.From(Array.ConvertAll(list, e => (float)e)),
        ("PerLayer<bool>" or "LayerPattern", _) when Flags(value) is { } flags => GgufValue.From(flags),
        ("any", bool[] list) => GgufValue.From(list),
        _ => null,
    };

    /// <summary>A list of truth values, which may be written as 0 and 1; null if the value is none.</summary>
    private static bool[]? Flags(object? value) => value switch
    {
        bool[] flags => flags,
        long[] numbers when numbers.All(n => n is 0 or 1) => Array.ConvertAll(numbers, n => n == 1),
        _ => null,
    };

    private void AddRope(GgufMetadata metadata, string scope, bool isScaled)
    {
        AddSections(metadata, $"{scope}.mrope_section");
        if (isScaled) AddScaling(metadata, scope);
        else if (config.RopeType(scope) == "default") config.Ignore(scope);
        // Of two objects the other does not count; layers with a sliding window are not scaled.
        foreach (var other in new[] { ConfigRope.Parameters, ConfigRope.Scaling })
        {
            var sliding = $"{other}.{ConfigRope.SlidingAttention}";
            if (config.RopeType(sliding) == "default") config.Ignore(sliding);
            if (!scope.StartsWith(other, StringComparison.Ordinal)) config.Ignore(other);
        }
    }

    /// <summary>Whether llama.cpp's converter leaves out a key of the scaling, and the value is that of a file without it.</summary>
    private bool SaysNothing(GgufMetadata metadata, string key, GgufValue value) =>
        architecture.Conversion.Keys.Any(k => k.Key == "rope.scaling." + key && k.Source == "none")
        && (key == "original_context_length" ? value.AsInt32() == metadata.GetInt32OrNull($"{architecture.Name}.context_length")
            : key != "attn_factor" || value.AsSingle() == 1);

    /// <summary>The numbers of rotary pairs that take a position of time, height, width and a fourth kind (arXiv:2409.12191): files have all four.</summary>
    private void AddSections(GgufMetadata metadata, string key)
    {
        if (ConfigExpression.Evaluate(key, config) is not long[] { Length: <= 4 } sections) return;
        metadata[$"{architecture.Name}.rope.dimension_sections"] = GgufValue.From([.. sections.Select(s => (int)s), .. new int[4 - sections.Length]]);
    }

    private void AddScaling(GgufMetadata metadata, string scope)
    {
        var prefix = $"{architecture.Name}.rope.scaling.";
        var heads = ConfigExpression.Evaluate("head_dim|hidden_size/num_attention_heads|n_embd/n_head", config) is long size ? size : 0;
        var rotated = metadata.GetInt32OrNull($"{architecture.Name}.rope.dimension_count")
            ?? metadata.GetInt32OrNull($"{architecture.Name}.attention.key_length") ?? (int)heads;
        var freqBase = config.Find("rope_theta")?.NumberOrNull() ?? 10000;
        RopeFactors = new RopeParameters(config, scope).Translate((key, value) =>
        {
            if (SaysNothing(metadata, key, value)) return;
            // The architecture's own declarations have precedence.
            if (!metadata.ContainsKey(prefix + key)) metadata[prefix + key] = value;
        }, rotated, freqBase);
        foreach (var name in RopeFactors.Keys.Where(name => architecture.Tensors.All(t => t.Gguf != name)))
        {
            _problems.Add($"{scope} divides the rotary frequencies by factors, but {architecture.Name} declares no tensor {name} that takes them. "
                + $"Declare it and hand it to Rope, as Llama does, or pass --ignore-config {scope}.");
        }
    }

    /// <summary>Reports each key that was not read, is not ignored for a reason, and does not have a value that changes nothing.</summary>
    private void Account()
    {
        foreach (var (key, _) in architecture.Conversion.IgnoredKeys) config.Ignore(key);
        foreach (var key in CommonConfig.Ignored.SelectMany(i => i.Keys)) config.Ignore(key);
        foreach (var (path, key, value) in config.Unread())
        {
            var off = CommonConfig.Off.Where(o => o.Keys.Any(pattern => CheckpointConfig.IsNamed(pattern, key))).Select(o => o.Values).FirstOrDefault();
            var text = CheckpointConfig.Text(value);
            if (off is not null && IsOneOf(value, off.Split('|'))) continue;
            if (Unknown is not null)
            {
                Unknown(path, text);
                continue;
            }

            _problems.Add(off is null ? UnknownKey(path, text)
                : $"{path} is {text}; only with {off} it changes nothing here. Declare what that value means, or pass --ignore-config {path}.");
        }
    }

    private string UnknownKey(string path, string value)
    {
        var known = architecture.Conversion.Keys.Where(k => k.Method is null).SelectMany(k => ConfigSource.KeysOf(k.Source))
            .Concat(architecture.Conversion.Fixed.Select(f => f.Key))
            .Concat(architecture.Conversion.IgnoredKeys.Select(i => i.Key)).Concat(CommonConfig.Ignored.SelectMany(i => i.Keys));
        var nearest = Spelling.Nearest(path, known.Where(key => !key.Contains('*', StringComparison.Ordinal))) is { } name
            ? $" (the nearest key that is known: {name})"
            : "";
        return $"{path} = {value} is not known{nearest}. If the model depends on it, declare it beside a hyper-parameter; "
            + $"if it is right to take this value for granted, write [ConfigIs(\"{path}\", \"{value}\")]; "
            + $"if no computation depends on it, [IgnoredConfig(\"{path}\", \"WHY\")]; or pass --ignore-config {path}.";
    }
}
