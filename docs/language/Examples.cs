namespace ArchGen.Architectures;

/// <summary>What the examples of docs/language.md name. The tests write each example where the comments say so.</summary>
[Architecture("examples", Rope = RopeKind.HalfSplit)]
public partial class Examples : EncoderDecoderModel
{
    [Tensor("Vocab, Embd")] public partial Embedding TokenEmbd { get; }
    [Tensor("ContextLength, Embd")] public partial Embedding PositionEmbd { get; }
    [Tensor("Embd")] public partial RmsNorm OutputNorm { get; }
    [Blocks("blk.{i}", Count = nameof(BlockCount))] public partial BlockList<Layer> Layers { get; }

    [HyperParameter("ssm.state_size")] public partial int N { get; }
    [HyperParameter("shortconv.l_cache")] public partial int Kernel { get; }
    [HyperParameter("expert_count")] public partial int ExpertCount { get; }
    [HyperParameter("expert_used_count")] public partial int ExpertsUsed { get; }
    [HyperParameter("expert_feed_forward_length")] public partial int ExpertFf { get; }

    public partial class Layer : Block
    {
        [Tensor("Embd")] public partial RmsNorm AttnNorm { get; }
        [Tensor("Embd")] public partial LayerNorm FfnNorm { get; }
        [Tensor("Embd", Name = "blk.{i}.gain")] public partial Weight Gain { get; }
        [Tensor("Heads*HeadDim, Embd")] public partial Linear AttnQ { get; }
        [Tensor("2*KvHeads*HeadDim, Embd")] public partial Linear AttnKv { get; }
        [Tensor("(Heads + 2*KvHeads)*HeadDim, Embd")] public partial Linear AttnQkv { get; }
        [Tensor("Heads, N, HeadDim")] public partial HeadLinear AttnKB { get; }
        [Tensor("Embd, Heads*HeadDim")] public partial Linear AttnOutput { get; }
        [Tensor("Ff, Embd")] public partial Linear FfnGate { get; }
        [Tensor("Ff, Embd")] public partial Linear FfnUp { get; }
        [Tensor("Embd, Ff")] public partial Linear FfnDown { get; }
        [Tensor("1, Embd")] public partial Linear FfnGateInpShexp { get; }
        [Tensor("ExpertCount, Embd")] public partial Linear FfnGateInp { get; }
        [Tensor("ExpertCount, ExpertFf, Embd")] public partial Experts FfnUpExps { get; }
        [Tensor("ExpertCount, Embd, ExpertFf")] public partial Experts FfnDownExps { get; }
        [Tensor("Heads, Embd")] public partial Linear SsmAlpha { get; }
        [Tensor("N, Embd")] public partial Linear SsmB { get; }
        [Tensor("Heads", Name = "blk.{i}.ssm_dt.bias")] public partial Weight SsmDt { get; }
        [Tensor("Heads, 1", Name = "blk.{i}.ssm_a")] public partial Weight SsmA { get; }
        [Tensor("Embd, Kernel")] public partial CausalConv ShortconvConv { get; }
        [State("Kernel - 1, Embd")] public partial State Inputs { get; }
        [State("Heads, HeadDim, N")] public partial State Scan { get; }
        [State("Heads, HeadDim, HeadDim")] public partial State Memory { get; }
        [KvCache("KvHeads, HeadDim")] public partial KvCache Shared { get; }

        public Tensor Forward(Tensor x)
        {
            var h = AttnNorm.Of(x);
            var (query, key, value) = AttnQkv.Of(h).Split(Heads * HeadDim, KvHeads * HeadDim, KvHeads * HeadDim);
            Tensor q = query.Heads(Heads), k = key.Heads(KvHeads), v = value.Heads(KvHeads);
            Tensor u = AttnQ.Of(h).Heads(Heads), dt = SsmAlpha.Of(h), b = SsmB.Of(h).Heads(1), c = SsmB.Of(x).Heads(1);
            var scores = Sigmoid(FfnGateInp.Of(h));
            var ids = TopK(scores, ExpertsUsed);
            var weights = Gather(scores, ids);
            x += AttnOutput.Of(Attention(q, k, v, 1, cache: Shared));
            // An example of a layer.
            return x;
        }
    }

    public override Tensor Encode(Tokens tokens) => TokenEmbd.Of(tokens);

    public override Tensor Forward(Tokens tokens, Tensor encoded)
    {
        var x = Layers.Of(TokenEmbd.Of(tokens));
        // An example of a model.
        return TokenEmbd.Logits(OutputNorm.Of(x));
    }
}
