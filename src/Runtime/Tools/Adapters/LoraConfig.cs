using System.Text.Json;
using System.Text.RegularExpressions;
using ArchGen.Tools.Conversion;

namespace ArchGen.Tools.Adapters;

/// <summary>A PEFT adapter's adapter_config.json (LoraConfig of huggingface/peft): ranks and scales, and no key that would need more.</summary>
internal sealed class LoraConfig
{
    // Keys that only training reads, or that follow from the tensors.
    private static readonly string[] Training =
    [
        "arrow_config", "auto_mapping", "base_model_name_or_path", "corda_config", "ensure_weight_tying", "eva_config", "exclude_modules", "inference_mode",
        "init_lora_weights", "layers_pattern", "layers_to_transform", "loftq_config", "lora_dropout", "lora_ga_config", "megatron_config", "megatron_core",
        "monteclora_config", "peft_version", "qalora_group_size", "revision", "runtime_config", "target_modules", "task_type", "kasa_config", "velora_config",
    ];

    // Keys that add something else than a low-rank product of the module's own input. They are usually off.
    private static readonly (string Key, string Means)[] Unsupported =
    [
        ("use_dora", "weight-decomposed adapters (DoRA) also scale the base's columns"), ("bias", "biases are trained too"),
        ("lora_bias", "the adapter has biases of its own"),
        ("modules_to_save", "whole modules are trained too"), ("trainable_token_indices", "rows of the embedding are trained too"),
        ("alora_invocation_tokens", "the adapter is active only after certain tokens (aLoRA)"), ("layer_replication", "layers of the base are repeated"),
        ("target_parameters", "parameters that are no modules are adapted"), ("use_qalora", "inputs are pooled in groups (QALoRA)"),
        ("use_bdlora", "matrices are block-diagonal (BD-LoRA)"),
    ];

    // These initial values are taken from the base and change it, so that the adapter fits a base that is not published.
    private static readonly string[] ChangingTheBase = ["pissa", "olora", "corda", "eva", "loftq"];

    private readonly CheckpointConfig _config;
    private readonly double _alpha;
    private readonly bool _isRankStabilized;
    private readonly IReadOnlyList<(string Pattern, double Value)> _alphas;

    /// <param name="root">The file's object.</param>
    /// <param name="place">The file, for messages.</param>
    /// <param name="ignored">Keys to ignore, known or not.</param>
    /// <exception cref="ArchGenException">A key has a value that no file can state, or is not known; the message lists all.</exception>
    public LoraConfig(JsonElement root, string place, IReadOnlyList<string> ignored)
    {
        _config = new CheckpointConfig(root, place);
        if (_config.Find("peft_type")?.ToString() is var type && type != "LORA")
            throw _config.Error("peft_type", $"is {type ?? "missing"}, expected LORA; other kinds of adapters cannot be converted");
        _alpha = Number("lora_alpha");
        _isRankStabilized = _config.Find("use_rslora") is { ValueKind: JsonValueKind.True };
        IsFanInFanOut = _config.Find("fan_in_fan_out") is { ValueKind: JsonValueKind.True };
        _alphas = Pattern("alpha_pattern");
        // Ranks are those of the tensors.
        foreach (var key in (string[])["r", "rank_pattern", .. Training, .. ignored]) _config.Ignore(key);
        Refuse(ignored);
    }

    /// <summary>Whether the base's matrices are stored [in, out] (Conv1D).</summary>
    public bool IsFanInFanOut { get; }

    /// <summary><c>lora_alpha</c>, for modules that have none of their own.</summary>
    public double Alpha => _alpha;

    /// <summary>The factor of a module's product: alpha / rank, or, rank-stabilized (arXiv:2312.03732), alpha / sqrt(rank).</summary>
    public double ScaleOf(string module, long rank)
    {
        var alpha = _alphas.Where(a => Regex.IsMatch(module, $"(^|.*\\.){a.Pattern}$")).Select(a => a.Value).FirstOrDefault(_alpha);
        return _isRankStabilized ? alpha / Math.Sqrt(rank) : alpha / rank;
    }

    private double Number(string key) => _config.Find(key) is { ValueKind: JsonValueKind.Number } value && value.GetDouble() is var number and > 0
        ? number
        : throw _config.Error(key, "is missing or no positive number; it scales the adapter. Add it");

    private List<(string, double)> Pattern(string key)
    {
        if (_config.Find(key) is not { } found) return [];
        if (found.ValueKind != JsonValueKind.Object || found.EnumerateObject().Any(p => p.Value.ValueKind != JsonValueKind.Number))
            throw _config.Error(key, "is no object of numbers");
        _config.Ignore(key);
        return [.. found.EnumerateObject().Select(p => (p.Name, p.Value.GetDouble()))];
    }

    private void Refuse(IReadOnlyList<string> ignored)
    {
        var problems = new List<string>();
        foreach (var (key, means) in Unsupported)
        {
            if (_config.Find(key) is { } value && !IsOff(value) && !ignored.Contains(key))
                problems.Add($"{key} = {CheckpointConfig.Text(value)}: {means}, which adapter files cannot state");
            _config.Ignore(key);
        }

        const string initial = "init_lora_weights";
        if (_config.Find(initial) is { ValueKind: JsonValueKind.String } init && ChangingTheBase.Any(init.GetString()!.StartsWith)
            && !ignored.Contains(initial))
        {
            problems.Add($"{initial} = {init.GetString()}: the base was changed when training began; "
                + "save the adapter for the published base (peft: path_initial_model_for_weight_conversion)");
        }

        problems.AddRange(_config.Unread().Select(unread => $"{unread.Path} = {CheckpointConfig.Text(unread.Value)}: the key is not known; "
            + $"leave it alone with --ignore-config {unread.Path} if it does not change what the adapter computes"));
        if (problems.Count == 0) return;
        throw new ModelFileException($"{_config.Place}: {string.Join($"{Environment.NewLine}  ", problems.Prepend("the adapter cannot be converted:"))}");
    }

    private static bool IsOff(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.False or JsonValueKind.Null => true,
        JsonValueKind.String => value.GetString() is "none" or "",
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object => !value.EnumerateObject().Any(),
        _ => false,
    };
}
