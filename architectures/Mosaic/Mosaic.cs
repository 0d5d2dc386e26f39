namespace ArchGen.Architectures;

/// <summary>What decoders in MosaicML's layout share: its module names, and a limit for queries, keys and values.</summary>
[Architecture("mosaic")]
public abstract partial class Mosaic : DecoderModel
{
    [Tensor("Vocab, Embd", Hf = "transformer.wte")] public partial Embedding TokenEmbd { get; }
    [Blocks("blk.{i}", Hf = "transformer.blocks.{i}", Count = nameof(BlockCount))] public partial BlockList<Block> Layers { get; }

    [HyperParameter("attention.clamp_kqv", Hf = "attn_config.clip_qkv", Default = "0")] public partial float ClampQkv { get; }
}

// Checkpoints.
[Hf(nameof(KvHeads), "attn_config.kv_n_heads")]
public partial class Mosaic;
