namespace ArchGen;

public abstract partial class OpVocabulary
{
    /// <summary>
    /// The state space recurrence of Mamba-2 (arXiv:2405.21060): x [T, heads, d], dt [T, heads] (positive), a [heads, 1] (negative),
    /// b and c [T, groups, n], state [heads, d, n] -> [T, heads, d].
    /// </summary>
    [Op(Op.SelectiveScan)]
    protected static Tensor SelectiveScan(Tensor x, Tensor dt, Weight a, Tensor b, Tensor c, State state) =>
        x.Apply(Op.SelectiveScan, default, dt, a.In(x.Evaluation), b, c, x.Evaluation.State(state));

    /// <summary>
    /// The gated delta rule (arXiv:2412.06464), which corrects the value that the state has for a key: q and k [T, groups, n] of length 1, v [T, heads, d],
    /// decay [T, heads] (the logarithm of the state's factor, negative), beta [T, heads] (the step size, 0 to 1), state [heads, d, n]
    /// -> [T, heads, d].
    /// </summary>
    [Op(Op.GatedDeltaRule)]
    protected static Tensor GatedDeltaRule(Tensor q, Tensor k, Tensor v, Tensor decay, Tensor beta, State state) =>
        q.Apply(Op.GatedDeltaRule, default, k, v, decay, beta, q.Evaluation.State(state));
}
