namespace ArchGen.Architectures;

/// <summary>What decoders share, whichever norm is their last: an embedding, layers and an output matrix.</summary>
[Architecture("base-decoder"), Names(typeof(LlamaNames))]
public abstract partial class BaseDecoder : DecoderModel
{
    [Tensor("Vocab, Embd")] public partial Embedding TokenEmbd { get; }
    [Tensor("Vocab, Embd", TiedTo = nameof(TokenEmbd), Bias = Bias.Optional)] public partial Linear Output { get; }
    [Tensor("RopeDims/2", Name = "rope_freqs.weight")] public partial Weight? RopeFreqs { get; }
    [Tensor("RopeDims/2", Name = "rope_factors_long.weight")] public partial Weight? RopeFactorsLong { get; }
    [Tensor("RopeDims/2", Name = "rope_factors_short.weight")] public partial Weight? RopeFactorsShort { get; }
    [Blocks("blk.{i}", Count = nameof(BlockCount))] public partial BlockList<Block> Layers { get; }

    /// <summary>A layer that may rotate queries and keys.</summary>
    public abstract partial class RotaryLayer : Block
    {
        /// <summary>Rotary with the file's divisors of frequencies, if any: Llama 3's, or long RoPE's by the length of the run (arXiv:2402.13753).</summary>
        protected RotaryEmbedding LongRotary => Rotary with { Factors = RopeFreqs, LongFactors = RopeFactorsLong, ShortFactors = RopeFactorsShort };
    }

    /// <summary>Queries, keys and values, of a checkpoint that has for each key head its queries, the key and the value.</summary>
    protected Weights Ungrouped(Weights qkv) => qkv.UngroupedQkv(KvHeads, Heads / KvHeads);

    /// <inheritdoc/>
    public override RankedRow RankedRow => RankedRow.Last;

    /// <inheritdoc/>
    public override Tensor Forward(Tokens tokens) => Logits(LastNorm(Layers.Of(Embed(tokens))));

    /// <summary>What the first layer reads: [T, Embd].</summary>
    protected virtual Tensor Embed(Tokens tokens) => TokenEmbd.Of(tokens);

    /// <summary>The norm of what the last layer leaves: [T, Embd] -> [T, Embd].</summary>
    protected abstract Tensor LastNorm(Tensor x);

    /// <summary>[T, Embd] -> [T, Vocab].</summary>
    protected virtual Tensor Logits(Tensor x) => Output.Of(x);
}
