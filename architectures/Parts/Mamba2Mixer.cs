namespace ArchGen.Architectures;

/// <summary>Mamba-2's selective state space (arXiv:2405.21060).</summary>
public interface IMamba2
{
    [HyperParameter("ssm.conv_kernel", Hf = "conv_kernel|d_conv")] int ConvKernel { get; }
    [HyperParameter("ssm.inner_size", Hf = "intermediate_size|d_inner|expand*hidden_size")] int Inner { get; }
    [HyperParameter("ssm.state_size", Hf = "state_size|d_state")] int StateSize { get; }
    [HyperParameter("ssm.time_step_rank", Hf = "num_heads")] int ScanHeads { get; }
    [HyperParameter("ssm.group_count", Hf = "n_groups")] int SsmGroups { get; }
    [Tensor("Inner + ConvWidth + ScanHeads, Embd", Hf = "mixer.in_proj")] Linear SsmIn { get; }
    [Tensor("ConvWidth, ConvKernel", Hf = "mixer.conv1d", Bias = Bias.Required)] CausalConv SsmConv1d { get; }
    [Tensor("ScanHeads", Hf = "mixer.dt_bias", Name = "ssm_dt.bias")] Weight SsmDt { get; }
    [Tensor("ScanHeads, 1", Hf = "mixer.A_log", From = "NegativeExp", Name = "ssm_a")] Weight SsmA { get; }
    [Tensor("ScanHeads, 1", Hf = "mixer.D", Name = "ssm_d")] Weight SsmD { get; }
    [Tensor("SsmGroups, Inner/SsmGroups", Hf = "mixer.norm")] RmsNorm SsmNorm { get; }
    [Tensor("Embd, Inner", Hf = "mixer.out_proj")] Linear SsmOut { get; }
    [State("ConvKernel - 1, ConvWidth")] State Conv { get; }
    [State("ScanHeads, Inner/ScanHeads, StateSize")] State Scan { get; }

    int ConvWidth => Inner + (2 * SsmGroups * StateSize);
}

/// <summary>Mamba-2's mixer of tokens: h [T, embd] -> [T, embd].</summary>
public abstract class Mamba2Mixer : OpVocabulary
{
    public static Tensor Of(IMamba2 part, Tensor h)
    {
        var (z, xBC, dt) = part.SsmIn.Of(h).Split(part.Inner, part.ConvWidth, part.ScanHeads);
        var width = part.SsmGroups * part.StateSize;
        var (u, b, c) = Silu(part.SsmConv1d.Of(xBC, part.Conv)).Split(part.Inner, width, width);
        var heads = u.Heads(part.ScanHeads);
        var steps = Softplus(dt + part.SsmDt);
        var y = SelectiveScan(heads, steps, part.SsmA, b.Heads(part.SsmGroups), c.Heads(part.SsmGroups), part.Scan) + (heads * part.SsmD);
        y = Silu(z) * y.Flatten();
        return part.SsmOut.Of(part.SsmNorm.Of(y.Heads(part.SsmGroups)).Flatten());
    }
}
