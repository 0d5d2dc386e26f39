namespace ArchGen.Architectures;

/// <summary>HunyuanOCR, the text model: Hunyuan with positions in several dimensions, which on a text are the same (arXiv:2511.19575).</summary>
[Architecture("hunyuan_vl")]
public partial class HunyuanVl : HunyuanDense;

// Checkpoints.
[TextOf("HunYuanVLForConditionalGeneration")]
public partial class HunyuanVl;
