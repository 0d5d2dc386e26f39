namespace ArchGen;

/// <summary>Declares an architecture: a partial class derived from <see cref="Model"/> whose members and forward pass are all there is to say about it.</summary>
/// <param name="name">The name in <c>general.architecture</c> of a GGUF file, which also prefixes its keys.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ArchitectureAttribute(string name) : Attribute
{
    /// <summary>The name in <c>general.architecture</c>.</summary>
    public string Name { get; } = name;

    /// <summary>The rotary embedding. There is no default: the wrong kind gives text that is almost right.</summary>
    public RopeKind Rope { get; set; }

    /// <summary>The hyper-parameter that is the epsilon of this architecture's norms.</summary>
    public string? Epsilon { get; set; }

    /// <summary>
    /// The tensors, without suffix, whose <c>.scale</c> counts as absent: llama.cpp leaves it out for this architecture, and files are made for it.
    /// <c>*</c> stands for anything, <c>|</c> separates several.
    /// </summary>
    public string? IgnoredScales { get; set; }
}

/// <summary>The classes of Hugging Face transformers (config.json: <c>architectures</c>) that this architecture implements.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class HuggingFaceAttribute(params string[] classes) : Attribute
{
    /// <summary>The class names.</summary>
    public IReadOnlyList<string> Classes { get; } = classes;

    /// <summary>
    /// How the checkpoint's rows of rotated heads stand: those of <see cref="RopeKind.Neox"/> in halves, as transformers has most, those of
    /// <see cref="RopeKind.Normal"/> as neighbours. Where the architecture's own kind is another, conversion reorders them.
    /// </summary>
    public RopeKind Rope { get; set; } = RopeKind.Neox;
}

/// <summary>Whether a tensor has a companion <c>.bias</c>.</summary>
public enum Bias
{
    /// <summary>It has none.</summary>
    None,

    /// <summary>It has one if the file does.</summary>
    Optional,

    /// <summary>It has one.</summary>
    Required,
}

/// <summary>
/// Declares a tensor of the file. The property's name gives the tensor's: <c>AttnQ</c> is <c>attn_q.weight</c>.
/// A property of nullable type is a tensor that a file may lack.
/// </summary>
/// <param name="shape">Its dimensions over hyper-parameters, slowest first: <c>"Heads*HeadDim, Embd"</c>.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TensorAttribute(string shape) : Attribute
{
    /// <summary>Its dimensions over hyper-parameters, slowest first.</summary>
    public string Shape { get; } = shape;

    /// <summary>The name of the module in a Hugging Face checkpoint; alternatives are separated by <c>|</c>.</summary>
    public string? Hf { get; set; }

    /// <summary>
    /// What follows that name in the checkpoint, for the weight and for the bias, where it is not <c>.weight|.bias</c>: parameters without a module of
    /// their own.
    /// </summary>
    public string? HfEndings { get; set; }

    /// <summary>
    /// The method that makes the tensor, and its bias, from what stands in the checkpoint, where that is laid out in another way: a method of the
    /// architecture that takes and returns <see cref="Weights"/>.
    /// </summary>
    public string? From { get; set; }

    /// <summary>The name in the file where it does not follow from the property's; for a bare <see cref="Weight"/> in full.</summary>
    public string? Name { get; set; }

    /// <summary>Whether a bias stands beside it.</summary>
    public Bias Bias { get; set; }

    /// <summary>The bool property, of the block or the model, under which a file must have this tensor although its type is nullable.</summary>
    public string? RequiredIf { get; set; }

    /// <summary>The tensor, of nullable type too, in whose place this one stands: a file that lacks the one must have the other.</summary>
    public string? InsteadOf { get; set; }

    /// <summary>The tensor that serves if the file lacks this one.</summary>
    public string? TiedTo { get; set; }

    /// <summary>The epsilon of this norm, where it is not the architecture's.</summary>
    public string? Epsilon { get; set; }

    /// <summary>The name in full of the tensor that multiplies the result, if the file has it, where it is not <c>NAME.scale</c> (NVFP4 files have scales).</summary>
    public string? Scale { get; set; }

    /// <summary>Whether the scale multiplies the bias too, as llama.cpp has it in dense feed-forward networks.</summary>
    public bool ScaleLast { get; set; }
}

/// <summary>What an inherited member is called in the checkpoints of this architecture, where it is not what the base says.</summary>
/// <param name="member">The property: a tensor, <c>nameof(Layer.AttnOutput)</c>, a list of blocks or a hyper-parameter.</param>
/// <param name="name">
/// The name of the module, the prefix of the blocks, or the hyper-parameter's source in config.json; alternatives are separated by <c>|</c>.
/// </param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class HfAttribute(string member, string name) : Attribute
{
    /// <summary>The property.</summary>
    public string Member { get; } = member;

    /// <summary>The name of the module, or the prefix of the blocks.</summary>
    public string Name { get; } = name;

    /// <summary>For a tensor: <see cref="TensorAttribute.From"/>. What the base says of that does not hold for the new name.</summary>
    public string? From { get; set; }

    /// <summary>The class of transformers for which a hyper-parameter's source is this one; without it, all.</summary>
    public string? For { get; set; }

    /// <summary>For a hyper-parameter: <see cref="HyperParameterAttribute.Unless"/>.</summary>
    public string? Unless { get; set; }
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

/// <summary>
/// One module of the checkpoint that holds several inherited tensors, the rows of one after those of the other, as their shapes say: queries, keys and
/// values, or the gate and what it gates.
/// </summary>
/// <param name="name">The name of the module; alternatives are separated by <c>|</c>.</param>
/// <param name="members">The tensors, in the order of their rows; their shapes may not differ from layer to layer.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class HfFusedAttribute(string name, params string[] members) : Attribute
{
    /// <summary>The name of the module.</summary>
    public string Name { get; } = name;

    /// <summary>The tensors.</summary>
    public IReadOnlyList<string> Members { get; } = members;
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

/// <summary>Tensors of the file that conversion stores in the type of matrices, although it leaves those of this name in F32 elsewhere: routers, convolutions.</summary>
/// <param name="pattern">Their names in the file; <c>*</c> stands for anything, <c>|</c> separates several.</param>
/// <param name="reason">Why.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class StoredAsMatrixAttribute(string pattern, string reason) : Attribute
{
    /// <summary>Their names.</summary>
    public string Pattern { get; } = pattern;

    /// <summary>Why.</summary>
    public string Reason { get; } = reason;
}

/// <summary>Tensors of a checkpoint that this architecture does not need, and why.</summary>
/// <param name="pattern">Their names in the checkpoint; <c>*</c> stands for anything, <c>|</c> separates several.</param>
/// <param name="reason">Why they are left alone.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class IgnoredWeightsAttribute(string pattern, string reason) : Attribute
{
    /// <summary>Their names.</summary>
    public string Pattern { get; } = pattern;

    /// <summary>Why they are left alone.</summary>
    public string Reason { get; } = reason;
}

/// <summary>Declares the blocks of a model: a <see cref="BlockList{T}"/>, one block per layer.</summary>
/// <param name="prefix">What the names of a block's tensors begin with: <c>blk.{i}</c>.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class BlocksAttribute(string prefix) : Attribute
{
    /// <summary>What the names of a block's tensors begin with.</summary>
    public string Prefix { get; } = prefix;

    /// <summary>What the names of its modules begin with in a Hugging Face checkpoint: <c>model.layers.{i}</c>; alternatives are separated by <c>|</c>.</summary>
    public string? Hf { get; set; }

    /// <summary>The hyper-parameter that counts the blocks, or an expression over several.</summary>
    public string? Count { get; set; }

    /// <summary>
    /// The hyper-parameter that counts blocks after these which a file may have and this model does not use: those that predict further tokens.
    /// </summary>
    public string? Unused { get; set; }
}

/// <summary>A kind of block that stands where a condition holds. One kind of each list has no condition: it stands everywhere else.</summary>
/// <param name="condition">A bool property of the model, or a bool method of it that takes the block's index.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class WhenAttribute(string condition) : Attribute
{
    /// <summary>The name of the property or method.</summary>
    public string Condition { get; } = condition;
}

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

/// <summary>Declares what a block remembers of a sequence from one batch to the next.</summary>
/// <param name="shape">Its dimensions, slowest first.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class StateAttribute(string shape) : Attribute
{
    /// <summary>Its dimensions, slowest first.</summary>
    public string Shape { get; } = shape;
}

/// <summary>
/// Declares a cache of keys and values that several attentions use: one writes it with <c>Attention(q, k, v, scale, cache: Name)</c>, later ones read it with
/// <c>Attention(q, Name, scale)</c>. Declared in the model it holds what any layer wrote last; declared in a block it is that block's. Each write begins a new
/// cache, so a list of blocks that runs twice has one for each pass. An attention that nobody else reads needs no declaration: it keeps its own.
/// </summary>
/// <param name="keys">The shape of one token's keys: <c>"KvHeads, HeadDim"</c>.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class KvCacheAttribute(string keys) : Attribute
{
    /// <summary>The shape of one token's keys.</summary>
    public string Keys { get; } = keys;

    /// <summary>The shape of one token's values, where it is not that of its keys.</summary>
    public string? Values { get; set; }
}

/// <summary>
/// Tensors of the file that this architecture knows and does not use, and why. An optional tensor, bias or scale of such a name is treated as absent.
/// </summary>
/// <param name="pattern">The names; <c>*</c> stands for anything, <c>|</c> separates several.</param>
/// <param name="reason">Why they are left alone.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class IgnoredTensorsAttribute(string pattern, string reason) : Attribute
{
    /// <summary>The names; <c>*</c> stands for anything.</summary>
    public string Pattern { get; } = pattern;

    /// <summary>Why they are left alone.</summary>
    public string Reason { get; } = reason;
}

/// <summary>
/// Where the published quantizations of this architecture part from the common mixes. It holds for this class alone, not for its variants.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class QuantizationAttribute : Attribute
{
    /// <summary>Whether every mix stores the output in 8 bits.</summary>
    public bool WideOutput { get; set; }

    /// <summary>Whether the mixes give fewer of the better types to the feed-forward network's and the attention's output.</summary>
    public bool LeanBlocks { get; set; }

    /// <summary>The number of blocks of the model whose values, if several query heads share them, are stored in 5 bits at least; 0 for none.</summary>
    public int WideValueBlocks { get; set; }

    /// <summary>
    /// The matrices that no mix treats apart, although what reads them says otherwise; <c>*</c> stands for anything, <c>|</c> separates several.
    /// </summary>
    public string Plain { get; set; } = "";
}

/// <summary>Marks a word of the language: the method that stands for an operation in a forward pass.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OpAttribute(Op op) : Attribute
{
    /// <summary>The operation.</summary>
    public Op Op { get; } = op;

    /// <summary>The hyper-parameters that the method reads by itself.</summary>
    public string[] Reads { get; set; } = [];

    /// <summary>The name of its node, where it does not follow from an operand's: <c>attn</c>.</summary>
    public string? Node { get; set; }
}
