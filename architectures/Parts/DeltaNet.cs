namespace ArchGen.Architectures;

/// <summary>A gated delta net (arXiv:2412.06464), with queries, keys and values in one matrix and the gate in another, or all in one, as in the file.</summary>
public interface IDeltaNet
{
    [HyperParameter("ssm.conv_kernel", Hf = "linear_conv_kernel_dim")] int ConvKernel { get; }
    [HyperParameter("ssm.state_size", Hf = "linear_key_head_dim")] int KeyDim { get; }
    [HyperParameter("ssm.group_count", Hf = "linear_num_key_heads")] int KeyHeads { get; }
    [HyperParameter("ssm.time_step_rank", Hf = "linear_num_value_heads")] int ValueHeads { get; }
    [HyperParameter("ssm.inner_size", Hf = "linear_value_head_dim*linear_num_value_heads")] int Inner { get; }
    [Tensor("ConvWidth, Embd")] Linear? AttnQkv { get; }
    [Tensor("Inner, Embd", RequiredIf = nameof(HasQkv))] Linear AttnGate { get; }
    // For each key head its query, its key, and the values and gates of its value heads.
    [Tensor("ConvWidth + Inner, Embd", InsteadOf = nameof(AttnQkv))] Linear SsmIn { get; }
    [Tensor("2*ValueHeads, Embd", Hf = "linear_attn.in_proj_ba")] Linear SsmBa { get; }
    [Tensor("ConvWidth, ConvKernel", Hf = "linear_attn.conv1d")] CausalConv SsmConv1d { get; }
    [Tensor("ValueHeads", Hf = "linear_attn.dt_bias", Name = "ssm_dt.bias")] Weight SsmDt { get; }
    [Tensor("ValueHeads", Hf = "linear_attn.A_log", From = "NegativeExp", Name = "ssm_a")] Weight SsmA { get; }
    [Tensor("Inner/ValueHeads", Hf = "linear_attn.norm")] RmsNorm SsmNorm { get; }
    [Tensor("Embd, Inner", Hf = "linear_attn.out_proj")] Linear SsmOut { get; }
    [State("ConvKernel - 1, ConvWidth")] State Conv { get; }
    [State("ValueHeads, Inner/ValueHeads, KeyDim")] State Memory { get; }

    int ConvWidth => (2 * KeyHeads * KeyDim) + Inner;
    bool HasQkv => AttnQkv is not null;
}

/// <summary>A gated delta net's mixer of tokens: h [T, embd] -> [T, embd].</summary>
public abstract class DeltaNet : OpVocabulary
{
    public static Tensor Of(IDeltaNet part, Tensor h)
    {
        var (qkv, z) = Project(part, h);
        var (q, k, v) = Silu(part.SsmConv1d.Of(qkv, part.Conv)).Split(part.KeyHeads * part.KeyDim, part.KeyHeads * part.KeyDim, part.Inner);
        var (b, a) = part.SsmBa.Of(h).Heads(part.KeyHeads).Split(part.ValueHeads / part.KeyHeads, part.ValueHeads / part.KeyHeads);
        var query = L2Norm(q.Heads(part.KeyHeads), 1e-6f) * (1 / Sqrt(part.KeyDim));
        var key = L2Norm(k.Heads(part.KeyHeads), 1e-6f);
        var decay = Softplus(a.Flatten() + part.SsmDt) * part.SsmA;
        var y = GatedDeltaRule(query, key, v.Heads(part.ValueHeads), decay, Sigmoid(b.Flatten()), part.Memory);
        return part.SsmOut.Of((part.SsmNorm.Of(y) * Silu(z.Heads(part.ValueHeads))).Flatten());
    }

    private static (Tensor, Tensor) Project(IDeltaNet part, Tensor h)
    {
        if (part.AttnQkv is not null) return (part.AttnQkv.Of(h), part.AttnGate.Of(h));
        var (q, k, vz) = part.SsmIn.Of(h).Heads(part.KeyHeads).Split(part.KeyDim, part.KeyDim, 2 * part.Inner / part.KeyHeads);
        var (v, z) = vz.Split(part.Inner / part.KeyHeads, part.Inner / part.KeyHeads);
        return (Concat(Concat(q.Flatten(), k.Flatten()), v.Flatten()), z.Flatten());
    }
}
