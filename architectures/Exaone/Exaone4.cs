namespace ArchGen.Architectures;

/// <summary>EXAONE 4: norms after the parts, and on each head; with windows, the full layers are not rotated (arXiv:2507.11407).</summary>
[Architecture("exaone4", Rope = RopeKind.HalfSplit)]
public partial class Exaone4 : Decoder
{
    [HyperParameter("attention.sliding_window", Hf = "sliding_window", Default = "0")] public partial int SlidingWindow { get; }
    [HyperParameter("attention.sliding_window_pattern", Hf = "layer_types", Values = "sliding_attention=1|full_attention=0", Default = "4", AsList = true)]
    public partial LayerPattern SlidingPattern { get; }
    [HyperParameter("nextn_predict_layers", Hf = "num_nextn_predict_layers", Default = "0")] public partial int PredictLayers { get; }

    [Blocks("blk.{i}", Hf = "model.layers.{i}", Count = "BlockCount - PredictLayers", Unused = nameof(PredictLayers))]
    public new partial BlockList<Layer> Layers { get; }

    // In files of llama.cpp the number of layers tells: the 32 B model has 64, and windows.
    public bool HasWindows => SlidingWindow > 0 && BlockCount == 64;

    public partial class Layer : PostNormLayer, IQkNorm, IGatedFeedForward
    {
        public bool IsSliding => HasWindows && SlidingPattern[Index];

        protected override Tensor Attend(Tensor h) => SelfAttention.Of(this, h, Position, 1 / Sqrt(HeadDim), window: IsSliding ? SlidingWindow : 0);
        protected override Tensor FeedForward(Tensor h) => SwiGlu.Of(this, h);

        private Tensor Position(Tensor x) => IsSliding || !HasWindows ? Rope(x, Factors(x)) : x;
    }
}

// Checkpoints.
[HuggingFace("Exaone4ForCausalLM")]
public partial class Exaone4;
