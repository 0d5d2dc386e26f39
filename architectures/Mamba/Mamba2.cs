namespace ArchGen.Architectures;

/// <summary>Mamba-2: a selective state space in place of attention (arXiv:2405.21060).</summary>
[Architecture("mamba2", Rope = RopeKind.None)]
[HuggingFace("Mamba2ForCausalLM"), ConfigIs("hidden_act", "silu"), ConfigIs("rms_norm", "true"), ConfigIs("time_step_limit", "0.0|Infinity")]
[Hf(nameof(ContextLength), "1048576"), Hf(nameof(Ff), "0"), Hf(nameof(Heads), "0"), IgnoredConfig("head_dim", "it follows from the widths")]
[IgnoredConfig("norm_before_gate", "transformers does not read it")]
[ConfigDefaults("num_heads=128|vocab_size=32768|hidden_size=4096|state_size=128|num_hidden_layers=64|layer_norm_epsilon=1e-5|pad_token_id=1|bos_token_id=0"
    + "|eos_token_id=2|expand=2|conv_kernel=4|n_groups=8")]
public partial class Mamba2 : DecoderModel
{
    [Tensor("Vocab, Embd", Hf = "backbone.embeddings|backbone.embedding")] public partial Embedding TokenEmbd { get; }
    [Tensor("Embd", Hf = "backbone.norm_f")] public partial RmsNorm OutputNorm { get; }
    [Tensor("Vocab, Embd", Hf = "lm_head", TiedTo = nameof(TokenEmbd))] public partial Linear Output { get; }
    [Blocks("blk.{i}", Hf = "backbone.layers.{i}", Count = nameof(BlockCount))] public partial BlockList<Layer> Layers { get; }

    [HyperParameter("ssm.conv_kernel", Hf = "conv_kernel|d_conv")] public partial int ConvKernel { get; }
    [HyperParameter("ssm.inner_size", Hf = "intermediate_size|d_inner|expand*hidden_size")] public partial int Inner { get; }
    [HyperParameter("ssm.state_size", Hf = "state_size|d_state")] public partial int StateSize { get; }
    [HyperParameter("ssm.time_step_rank", Hf = "num_heads")] public partial int ScanHeads { get; }
    [HyperParameter("ssm.group_count", Hf = "n_groups")] public partial int Groups { get; }

    public int ConvWidth => Inner + (2 * Groups * StateSize);

    private Weights ByGroup(Weights norm) => norm.Reshaped(Groups, norm.ElementCount / Groups);

    public partial class Layer : Block
    {
        [Tensor("Embd", Hf = "norm")] public partial RmsNorm AttnNorm { get; }
        [Tensor("Inner + ConvWidth + ScanHeads, Embd", Hf = "mixer.in_proj")] public partial Linear SsmIn { get; }
        [Tensor("ConvWidth, ConvKernel", Hf = "mixer.conv1d", Bias = Bias.Required)] public partial CausalConv SsmConv1d { get; }
        [Tensor("ScanHeads", Hf = "mixer.dt_bias", Name = "ssm_dt.bias")] public partial Weight SsmDt { get; }
        [Tensor("ScanHeads, 1", Hf = "mixer.A_log", From = nameof(NegativeExp), Name = "ssm_a")] public partial Weight SsmA { get; }
        [Tensor("ScanHeads, 1", Hf = "mixer.D", Name = "ssm_d")] public partial Weight SsmD { get; }
        [Tensor("Groups, Inner/Groups", Hf = "mixer.norm", From = nameof(ByGroup))] public partial RmsNorm SsmNorm { get; }
        [Tensor("Embd, Inner", Hf = "mixer.out_proj")] public partial Linear SsmOut { get; }
        [State("ConvKernel - 1, ConvWidth")] public partial State Conv { get; }
        [State("ScanHeads, Inner/ScanHeads, StateSize")] public partial State Scan { get; }

        public Tensor Forward(Tensor x)
        {
            var (z, xBC, dt) = SsmIn.Of(AttnNorm.Of(x)).Split(Inner, ConvWidth, ScanHeads);
            var (u, b, c) = Silu(SsmConv1d.Of(xBC, Conv)).Split(Inner, Groups * StateSize, Groups * StateSize);
            var heads = u.Heads(ScanHeads);
            var y = SelectiveScan(heads, Softplus(dt + SsmDt), SsmA, b.Heads(Groups), c.Heads(Groups), Scan) + (heads * SsmD);
            y = Silu(z) * y.Flatten();
            return x + SsmOut.Of(SsmNorm.Of(y.Heads(Groups)).Flatten());
        }
    }

    public override Tensor Forward(Tokens tokens) => Output.Of(OutputNorm.Of(Layers.Of(TokenEmbd.Of(tokens))));
}
