namespace ArchGen.Architectures;

/// <summary>Llama-Embed-Nemotron: Llama 3 that attends both ways; its rows are embeddings (arXiv:2511.07025).</summary>
[Architecture("llama-embed"), IgnoredTensors("output.weight", "rows are the result")]
public partial class LlamaEmbed : Llama
{
    public override Tensor Forward(Tokens tokens) => OutputNorm.Of(Layers.Of(TokenEmbd.Of(tokens)));
}

// Checkpoints.
[HuggingFace("LlamaBidirectionalModel"), Hf(nameof(IsCausal), "false"), IgnoredConfig("pooling", "modules.json tells")]
public partial class LlamaEmbed;
