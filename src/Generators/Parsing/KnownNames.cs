namespace ArchGen.Generators.Parsing;

/// <summary>The types of the language that the generator looks for.</summary>
internal static class KnownNames
{
    public const string Architecture = "ArchGen.ArchitectureAttribute";
    public const string Catalog = "ArchGen.CatalogAttribute";
    public const string DeclarationSource = "ArchGen.DeclarationSourceAttribute";
    public const string Graph = "ArchGen.GraphAttribute";
    public const string Rows = "ArchGen.RowsAttribute";
    public const string HuggingFace = "ArchGen.HuggingFaceAttribute";
    public const string Hf = "ArchGen.HfAttribute";
    public const string Names = "ArchGen.NamesAttribute";
    public const string TextOf = "ArchGen.TextOfAttribute";
    public const string Default = "ArchGen.DefaultAttribute";
    public const string HfFrom = "ArchGen.HfFromAttribute";
    public const string HfFused = "ArchGen.HfFusedAttribute";
    public const string HfTensor = "ArchGen.HfTensorAttribute";
    public const string IgnoredTensors = "ArchGen.IgnoredTensorsAttribute";
    public const string Writes = "ArchGen.WritesAttribute";
    public const string ConfigIs = "ArchGen.ConfigIsAttribute";
    public const string ConfigDefaults = "ArchGen.ConfigDefaultsAttribute";
    public const string IgnoredConfig = "ArchGen.IgnoredConfigAttribute";
    public const string StoredAsMatrix = "ArchGen.StoredAsMatrixAttribute";
    public const string IgnoredWeights = "ArchGen.IgnoredWeightsAttribute";
    public const string Quantization = "ArchGen.QuantizationAttribute";
    public const string HyperParameter = "ArchGen.HyperParameterAttribute";
    public const string Tensor = "ArchGen.TensorAttribute";
    public const string Untied = "ArchGen.UntiedAttribute";
    public const string Blocks = "ArchGen.BlocksAttribute";
    public const string When = "ArchGen.WhenAttribute";
    public const string State = "ArchGen.StateAttribute";
    public const string KvCache = "ArchGen.KvCacheAttribute";
    public const string Op = "ArchGen.OpAttribute";

    /// <summary>The attributes of declared members.</summary>
    public static readonly string[] Declarations = [Tensor, State, KvCache, Blocks, HyperParameter];

    public const string Model = "ArchGen.Model";
    public const string RankerSizes = "ArchGen.IRankerSizes";
    public const string DecoderModel = "ArchGen.DecoderModel";
    public const string EncoderDecoderModel = "ArchGen.EncoderDecoderModel";
    public const string Block = "ArchGen.Block";
    public const string BlockList = "ArchGen.BlockList<T>";
    public const string TensorType = "ArchGen.Tensor";
    public const string TokensType = "ArchGen.Tokens";
    public const string StateType = "ArchGen.State";
    public const string KvCacheType = "ArchGen.KvCache";
    public const string PerLayer = "ArchGen.PerLayer<T>";
    public const string LayerPattern = "ArchGen.LayerPattern";
    public const string RopeScaling = "ArchGen.RopeScaling";
    public const string RotaryEmbedding = "ArchGen.RotaryEmbedding";
    public const string Config = "ArchGen.Config";
    public const string Weights = "ArchGen.Weights";
    public const string OpVocabulary = "ArchGen.OpVocabulary";

    /// <summary>The property of a tensor that a graph may depend on, and the hyper-parameter that is its default.</summary>
    public const string SequenceLength = "SequenceLength";
    public const string ContextLength = "ContextLength";

    /// <summary>The types that a [Tensor] may have.</summary>
    public static readonly string[] ModuleTypes =
        ["CausalConv", "Embedding", "Experts", "HeadLinear", "LayerNorm", "Linear", "RmsNorm", "Weight"];

    /// <summary>The arguments of a [Tensor] that not every type has, and the types that have them.</summary>
    public static readonly (string Argument, string[] Types)[] ModuleArguments =
    [
        ("Bias", ["CausalConv", "Experts", "LayerNorm", "Linear"]), ("Scale", ["Experts", "Linear"]), ("TiedTo", ["Embedding", "Linear"]),
        ("Epsilon", ["LayerNorm", "RmsNorm"]),
    ];
}
