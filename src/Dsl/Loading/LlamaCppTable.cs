namespace ArchGen;

/// <summary>
/// What llama.cpp, and its converter and quantizer, do with the files of an architecture, beyond what its paper says: the tensors that it leaves out, the
/// keys that it writes, the types that it chooses. A file is the same, and gives the same numbers, in both programs.
/// </summary>
internal sealed record LlamaCppTable
{
    private const string Feed = "blk.*.ffn_*";
    private const string Vocab = "vocab_size";
    private const string HeadSize = "head_dim|hidden_size/num_attention_heads";
    private const string LongContext =
        "original_max_position_embeddings|rope_parameters.original_max_position_embeddings|rope_scaling.original_max_position_embeddings";

    /// <summary>The rows, by the name of the architecture, in ordinal order. Most have only the ignored scales of their feed-forward networks.</summary>
    public static IReadOnlyDictionary<string, LlamaCppTable> Rows { get; } = new Dictionary<string, LlamaCppTable>(StringComparer.Ordinal)
    {
        ["apertus"] = new() { IgnoredTensors = "blk.*.attn_?_norm.bias", Keys = [(Vocab, Vocab), ("rope.dimension_count", HeadSize)] },
        ["arcee"] = new() { Keys = [(Vocab, Vocab), ("rope.dimension_count", HeadSize)] },
        ["baichuan"] = new()
        {
            Keys = [("tensor_data_layout", "'Meta AI original pth'"), ("rope.dimension_count", "hidden_size/num_attention_heads")],
        },
        ["bert"] = new() { IgnoredScales = "blk.*" },
        ["bitnet"] = new() { IgnoredScales = "", Keys = [("rope.scaling.type", "'linear'"), ("rope.scaling.factor", "1.0")] },
        ["chatglm"] = new()
        {
            Keys =
            [
                ("tokenizer.ggml.pre", "'chatglm-bpe'"), ("tokenizer.ggml.add_bos_token", "false"), ("tokenizer.ggml.eos_token_id", "'endoftext'"),
                ("tokenizer.ggml.eot_token_id", "'user'"), ("tokenizer.ggml.unknown_token_id", "'endoftext'"),
            ],
        },
        ["codeshell"] = new() { Keys = [("tokenizer.ggml.pre", "'codeshell'"), ("rope.scaling.type", "'linear'"), ("rope.scaling.factor", "1.0")] },
        ["cogvlm"] = new() { IgnoredScales = "blk.*.attn_qkv|blk.*.ffn_*", Keys = [(Vocab, Vocab), ("rope.dimension_count", HeadSize)] },
        ["cohere2"] = new() { IgnoredScales = "", Keys = [(Vocab, Vocab), ("rope.scaling.type", "'none'")] },
        ["command-r"] = new() { Keys = [("rope.scaling.type", "'none'")] },
        ["dbrx"] = new() { StoredAsMatrix = "blk.*.ffn_gate_inp.weight" },
        ["deci"] = new() { Keys = [(Vocab, Vocab), ("rope.dimension_count", HeadSize)] },
        ["deepseek2"] = new()
        {
            IgnoredScales = "output|blk.*.attn_q*|blk.*.attn_kv*|blk.*.ffn_*",
            Quantization = new() { Plain = "blk.*.attn_q_b.weight|blk.*.attn_kv_a_mqa.weight" },
            Keys = [(Vocab, Vocab)],
        },
        ["dream"] = new() { IgnoredTensors = "output.bias" },
        ["ernie4_5"] = new() { IgnoredTensors = "blk.*.attn_output.bias" },
        ["eurobert"] = new() { Keys = [("rope.scaling.type", "'none'")] },
        ["exaone"] = new()
        {
            Keys = [("tokenizer.ggml.pre", "'exaone'"), ("attention.layer_norm_epsilon", "layer_norm_epsilon"), ("rope.dimension_count", HeadSize)],
        },
        ["exaone4"] = new() { Keys = [("tokenizer.ggml.pre", "'exaone4'"), (Vocab, Vocab)] },
        ["falcon"] = new() { Quantization = new() { WideOutput = true, LeanBlocks = true }, Keys = [("tensor_data_layout", "'jploski'")] },
        ["gemma"] = new() { Keys = [("tokenizer.ggml.eot_token_id", "107")] },
        ["glm4"] = new()
        {
            Keys =
            [
                ("tokenizer.ggml.eos_token_id", "'endoftext'"), ("tokenizer.ggml.eot_token_id", "'user'"),
                ("tokenizer.ggml.unknown_token_id", "'endoftext'"), ("tokenizer.ggml.bos_token_id", "'endoftext'"),
            ],
        },
        ["gpt-oss"] = new(),
        ["gpt2"] = new(),
        ["gptneox"] = new() { Keys = [("general.file_type", "none")] },
        ["granite"] = new() { Keys = [("tokenizer.ggml.pre", "'refact'"), (Vocab, Vocab), ("rope.dimension_count", HeadSize)] },
        ["grok"] = new() { Keys = [("router_logit_softcapping", "router_logit_softcapping|30.0")] },
        ["hunyuan-dense"] = new()
        {
            Keys =
            [
                ("tokenizer.ggml.pre", "'hunyuan-dense'"), ("rope.scaling.type", "'none'"), ("rope.scaling.factor", "1.0"),
                ("rope.scaling.original_context_length", "262144"),
            ],
        },
        ["internlm2"] = new() { Keys = [("tokenizer.ggml.add_space_prefix", "true")] },
        ["jais"] = new(),
        ["jais2"] = new() { Keys = [("rope.dimension_count", HeadSize)] },
        ["llada"] = new()
        {
            IgnoredTensors = "rope_freqs.weight|blk.*.attn_output.bias|blk.*.ffn_*.bias",
            Keys = [(Vocab, Vocab), ("rope.dimension_count", "d_model/n_heads")],
        },
        ["llama"] = new()
        {
            IgnoredScales = "blk.*.ffn_gate_inp",
            Quantization = new() { WideValueBlocks = 80 },
            Keys = [(Vocab, Vocab), ("rope.dimension_count", HeadSize)],
        },
        ["llama-embed"] = new() { IgnoredScales = "blk.*.ffn_gate_inp", Keys = [(Vocab, Vocab), ("rope.dimension_count", HeadSize)] },
        ["maincoder"] = new() { Keys = [("rope.dimension_count", "head_dim")] },
        ["minicpm"] = new(),
        ["minicpm3"] = new()
        {
            IgnoredScales = "blk.*.attn_q*|blk.*.attn_kv*|blk.*.ffn_*",
            Quantization = new() { Plain = "blk.*.attn_q_b.weight|blk.*.attn_kv_a_mqa.weight" },
            Keys =
            [
                (Vocab, Vocab), ("rope.scaling.type", "none"), ("rope.scaling.factor", "none"), ("rope.scaling.attn_factor", "none"),
                ("rope.scaling.original_context_length", "none"),
            ],
        },
        ["mistral3"] = new()
        {
            IgnoredScales = "blk.*.ffn_gate_inp",
            Keys =
            [
                (Vocab, Vocab), ("rope.dimension_count", HeadSize),
                ("rope.scaling.yarn_log_multiplier", "rope_parameters.mscale_all_dim|rope_scaling.mscale_all_dim"),
            ],
        },
        ["modern-bert"] = new()
        {
            Keys =
            [
                ("tokenizer.ggml.pre", "'modern-bert'"), (Vocab, Vocab), ("rope.scaling.type", "'none'"),
                ("attention.layer_norm_rms_epsilon", "norm_eps"),
            ],
        },
        ["mpt"] = new() { Keys = [("tokenizer.ggml.pre", "'mpt'"), ("general.file_type", "none")] },
        ["nanbeige"] = new() { IgnoredScales = "", Keys = [(Vocab, Vocab), ("rope.dimension_count", HeadSize)] },
        ["nemotron"] = new()
        {
            Keys =
            [
                (Vocab, Vocab), ("attention.layer_norm_rms_epsilon", "norm_eps"), ("rope.scaling.type", "'none'"), ("tokenizer.ggml.padding_token_id", "0"),
                ("tokenizer.ggml.unknown_token_id", "1"),
            ],
        },
        ["neo-bert"] = new() { Keys = [("rope.scaling.type", "'none'"), ("rope.freq_base", "10000.0")] },
        ["nomic-bert"] = new() { IgnoredScales = "blk.*" },
        ["olmo"] = new(),
        // No published model has these biases.
        ["olmo2"] = new()
        {
            IgnoredScales = "blk.*.attn_q|blk.*.attn_k|blk.*.attn_v|blk.*.ffn_*",
            IgnoredTensors = "blk.*.attn_q.bias|blk.*.attn_k.bias|blk.*.attn_v.bias",
        },
        ["openelm"] = new() { IgnoredScales = "blk.*.attn_qkv|blk.*.ffn_*", Keys = [("rope.dimension_count", "head_dim")] },
        ["orion"] = new() { Keys = [("tensor_data_layout", "'Meta AI original pth'")] },
        ["paddleocr"] = new(),
        ["pangu-embedded"] = new() { IgnoredTensors = "rope_freqs.weight", Keys = [(Vocab, Vocab), ("rope.dimension_count", HeadSize)] },
        ["phi2"] = new() { Keys = [("tokenizer.ggml.pre", "'phi-2'"), ("tokenizer.ggml.add_bos_token", "false")] },
        ["phi3"] = new() { Keys = [("attention.sliding_window", "sliding_window|0")] },
        ["phimoe"] = new() { Keys = [("rope.scaling.original_context_length", LongContext)] },
        ["plamo"] = new(),
        ["plamo3"] = new() { IgnoredScales = "blk.*.attn_qkv|blk.*.ffn_*", Keys = [(Vocab, Vocab)] },
        ["plm"] = new()
        {
            IgnoredScales = "blk.*.attn_q|blk.*.attn_kv*|blk.*.ffn_*",
            Quantization = new() { Plain = "blk.*.attn_q_b.weight|blk.*.attn_kv_a_mqa.weight" },
            Keys = [(Vocab, Vocab)],
        },
        ["qwen"] = new(),
        ["qwen2"] = new() { Quantization = new() { WideValueBlocks = 80 } },
        ["qwen2moe"] = new(),
        ["qwen2vl"] = new() { IgnoredTensors = "output.bias", Quantization = new() { WideValueBlocks = 80 } },
        ["qwen3moe"] = new() { IgnoredScales = "blk.*.ffn_gate_inp" },
        ["qwen3next"] = new()
        {
            IgnoredScales = "blk.*.ssm_*|blk.*.attn_qkv|blk.*.attn_gate|blk.*.ffn_gate_inp*|blk.*.ffn_gate_up_exps",
            IgnoredTensors = "blk.*.attn_?.bias",
            Quantization = new() { Plain = "blk.*.ssm_in.weight|blk.*.nextn.*" },
        },
        ["qwen3vl"] = new(),
        ["refact"] = new() { Keys = [("tokenizer.ggml.pre", "'refact'")] },
        ["seed_oss"] = new(),
        ["smollm3"] = new() { Keys = [(Vocab, Vocab), ("rope.dimension_count", HeadSize)] },
        ["stablelm"] = new() { Keys = [("tokenizer.ggml.pre", "'stablelm2'")] },
        ["starcoder"] = new() { Keys = [("tokenizer.ggml.pre", "'starcoder'")] },
        ["starcoder2"] = new() { Keys = [("tokenizer.ggml.pre", "'starcoder'")] },
        ["t5"] = new()
        {
            IgnoredScales = "enc.*|dec.*",
            Quantization = new() { Plain = "*blk.*.attn_o.weight|*blk.*.cross_attn_o.weight" },
            StoredAsMatrix = "*.attn_rel_b.weight",
            Keys = [("attention.layer_norm_epsilon", "layer_norm_epsilon"), ("decoder_start_token_id", "decoder_start_token_id|pad_token_id")],
        },
        ["t5encoder"] = new()
        {
            IgnoredScales = "enc.*",
            Quantization = new() { Plain = "*blk.*.attn_o.weight" },
            StoredAsMatrix = "*.attn_rel_b.weight",
            Keys = [("attention.layer_norm_epsilon", "layer_norm_epsilon")],
        },
        ["talkie"] = new() { IgnoredScales = "blk.*.ffn_gate|blk.*.ffn_up" },
        ["xverse"] = new()
        {
            Keys = [("tensor_data_layout", "'Meta AI original pth'"), ("rope.dimension_count", "hidden_size/num_attention_heads")],
        },
    };

    /// <summary>The tensors, without suffix, whose <c>.scale</c> it does not read. Variants without a row have their base's.</summary>
    public string IgnoredScales { get; init; } = Feed;

    /// <summary>Further tensors that it does not read. Variants without a row have their base's.</summary>
    public string IgnoredTensors { get; init; } = "";

    /// <summary>Tensors that its converter stores in the tensor type of matrices, although it stores those of these names in F32 elsewhere.</summary>
    public string StoredAsMatrix { get; init; } = "";

    /// <summary>Where its quantizations part from the common mixes.</summary>
    public QuantizationAttribute Quantization { get; init; } = new();

    /// <summary>Keys that its converter writes besides those of the hyper-parameters, and their sources in config.json.</summary>
    public IReadOnlyList<(string Key, string Source)> Keys { get; init; } = [];

    /// <summary>The tensors that it does not read, of an architecture by its name or else of the nearest base that has a row.</summary>
    public static IEnumerable<IgnoredTensorsAttribute> Ignored(IEnumerable<string> names)
    {
        if (names.Select(n => Rows.GetValueOrDefault(n)).FirstOrDefault(r => r is not null) is not { } row) return [];
        return Split(row.IgnoredScales).Select(p => p + ".scale").Concat(Split(row.IgnoredTensors))
            .Select(p => new IgnoredTensorsAttribute(p, "llama.cpp does not read it for this architecture, and files are made for it"));
    }

    /// <summary>Whether the scale multiplies the bias too, as in its dense feed-forward networks.</summary>
    public static bool IsScaledLast(string name) => name.StartsWith("ffn_", StringComparison.Ordinal);

    /// <summary>The conversion of an architecture, with what the reference converter adds to it.</summary>
    public static ConversionInfo Complete(string architecture, ConversionInfo conversion) => !Rows.TryGetValue(architecture, out var row) ? conversion
        : conversion with
        {
            Keys = [.. row.Keys.Select(k => new ConfigKey(k.Key, "any", k.Source)), .. conversion.Keys],
            Matrices = [.. Split(row.StoredAsMatrix).Select(p => (p, "llama.cpp's converter has it so")), .. conversion.Matrices],
        };

    private static string[] Split(string patterns) => patterns.Split('|', StringSplitOptions.RemoveEmptyEntries);
}
