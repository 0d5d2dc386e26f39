namespace ArchGen.Architectures;

/// <summary>What decoders share whose files may have more blocks than the model: those predict further tokens, and are left out (arXiv:2404.19737).</summary>
[Architecture("predicting-decoder")]
public abstract partial class PredictingDecoder : Decoder
{
    [Blocks("blk.{i}", Count = "BlockCount - PredictLayers", Unused = nameof(PredictLayers))] public new partial BlockList<Block> Layers { get; }

    [HyperParameter("nextn_predict_layers", Default = "0")] public partial int PredictLayers { get; }
}
