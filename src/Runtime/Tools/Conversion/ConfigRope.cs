namespace ArchGen.Tools.Conversion;

/// <summary>
/// The places of rotary parameters in config.json: before transformers 5 in separate keys and in <c>rope_scaling</c>, since then in
/// <c>rope_parameters</c>, one object or one for each kind of layer. A value there has precedence over a separate key of the same meaning.
/// </summary>
internal static class ConfigRope
{
    public const string Scaling = "rope_scaling", Parameters = "rope_parameters", FullAttention = "full_attention", SlidingAttention = "sliding_attention";

    private const string Theta = "rope_theta", Share = "partial_rotary_factor";

    /// <summary>The separate keys, the name of each in the parameters, and the kind of layer.</summary>
    private static readonly (string Key, string Name, string Layers)[] Moved =
    [
        (Theta, Theta, FullAttention), ("rotary_emb_base", Theta, FullAttention),
        ("global_rope_theta", Theta, FullAttention), ("attn_config.rope_theta", Theta, FullAttention),
        ("rope_local_base_freq", Theta, SlidingAttention), ("local_rope_theta", Theta, SlidingAttention),
        (Share, Share, FullAttention), ("rotary_pct", Share, FullAttention), ("rope_pct", Share, FullAttention),
    ];

    /// <summary>The objects that hold parameters for a kind of layer; the first that has a value counts.</summary>
    public static IEnumerable<string> Scopes(string layers, Func<string, bool> isObject)
    {
        foreach (var name in new[] { Parameters, Scaling })
        {
            if (isObject($"{name}.{layers}")) yield return $"{name}.{layers}";
            else if (layers == FullAttention && isObject(name)) yield return name;
        }
    }

    /// <summary>The paths of a key in the rotary parameters, in order of precedence.</summary>
    public static IEnumerable<string> PlacesOf(string key, Func<string, bool> isObject) =>
        Moved.Where(moved => moved.Key == key).SelectMany(moved => Scopes(moved.Layers, isObject).Select(scope => $"{scope}.{moved.Name}"));

    /// <summary>Whether a path leads into <c>rope_scaling</c>.</summary>
    public static bool IsScaling(string path) => path.StartsWith(Scaling + ".", StringComparison.Ordinal);
}
