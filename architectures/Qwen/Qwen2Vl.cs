namespace ArchGen.Architectures;

/// <summary>Qwen2-VL and Qwen2.5-VL, the text model: Qwen2 with positions in time, height and width, which on a text are the same (arXiv:2409.12191).</summary>
[Architecture("qwen2vl")]
public partial class Qwen2Vl : Qwen2;

// Checkpoints.
[TextOf("Qwen2VLForConditionalGeneration", "Qwen2_5_VLForConditionalGeneration")]
public partial class Qwen2Vl;
