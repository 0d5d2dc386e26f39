namespace ArchGen.Architectures;

/// <summary>EXAONE 4: norms after the parts, and on each head; with windows, the full layers are not rotated (arXiv:2507.11407).</summary>
[Architecture("exaone4", Rope = RopeKind.HalfSplit)]
public partial class Exaone4 : PredictingDecoder
{
    [HyperParameter("attention.sliding_window", Hf = nameof(Window), Default = "0")] public partial int SlidingWindow { get; }
    [HyperParameter("attention.sliding_window_pattern", Default = "4")] public partial LayerPattern SlidingPattern { get; }

    // The number of layers tells: the 32 B model has 64, and windows.
    public bool HasWindows => SlidingWindow > 0 && BlockCount - PredictLayers == 64;

    public partial class Layer : PostNormLayer, IQkNorm, IGatedFeedForward
    {
        public bool IsSliding => HasWindows && SlidingPattern[Index];

        protected override Tensor Attend(Tensor h) => SelfAttention.Of(this, h, Position, 1 / Sqrt(HeadDim), window: IsSliding ? SlidingWindow : 0);
        protected override Tensor FeedForward(Tensor h) => SwiGlu.Of(this, h);
        private RotaryEmbedding Position => IsSliding || !HasWindows ? LongRotary : RotaryEmbedding.None;
    }
}

// Checkpoints.
[HuggingFace("Exaone4ForCausalLM"), IgnoredConfig("layer_types|sliding_window_pattern", "three of four layers slide, if any")]
public partial class Exaone4
{
    private static int? Window(Config config)
    {
        var (window, layers) = (config.Int32("sliding_window"), config.Int32("num_hidden_layers"));
        return window is null || layers == 64 ? window : throw config.Error("sliding_window", "is set; here only models of 64 layers have one");
    }
}
