namespace ArchGen.Architectures;

/// <summary>Qwen3-VL, the text model: Qwen3 with positions in time, height and width, which on a text are the same (arXiv:2511.21631).</summary>
[Architecture("qwen3vl")]
public partial class Qwen3Vl : Qwen3;

// Checkpoints.
[TextOf("Qwen3VLForConditionalGeneration")]
public partial class Qwen3Vl;
