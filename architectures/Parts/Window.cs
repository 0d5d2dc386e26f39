namespace ArchGen.Architectures;

/// <summary>Layers that attend within a window, by turns with layers that attend to all positions (arXiv:2004.05150); a window of 0 is none.</summary>
public interface IWindow
{
    [HyperParameter("attention.sliding_window", Hf = "sliding_window", Unless = "0", Default = "0")] int SlidingWindow { get; }
    [HyperParameter("attention.sliding_window_pattern", Hf = "layer_types", Values = "sliding_attention=1|full_attention=0", Unless = "0", Default = "0")]
    LayerPattern SlidingPattern { get; }

    int Index { get; }
    bool IsSliding => SlidingWindow > 0 && SlidingPattern[Index];
    int Window => IsSliding ? SlidingWindow : 0;
}

/// <summary>Layers with a window whose rotations have a base of their own (arXiv:2503.19786).</summary>
public interface IWindowRope
{
    [HyperParameter("rope.freq_base_swa", Default = "RopeFreqBase")] float SlidingFreqBase { get; }

    float RopeFreqBase { get; }
    bool IsSliding { get; }
    float FreqBase => IsSliding ? SlidingFreqBase : RopeFreqBase;
}
