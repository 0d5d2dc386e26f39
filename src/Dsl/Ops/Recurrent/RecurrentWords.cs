namespace ArchGen;

public abstract partial class Words
{
    /// <summary>
    /// The state space recurrence of Mamba-2 (arXiv:2405.21060): x [T, heads, d], dt [T, heads] (positive), a [heads, 1] (negative),
    /// b and c [T, groups, n], state [heads, d, n] -> [T, heads, d].
    /// </summary>
    [Op(Op.SelectiveScan)]
    protected static Tensor SelectiveScan(Tensor x, Tensor dt, Weight a, Tensor b, Tensor c, State state) =>
        x.Apply(Op.SelectiveScan, default, dt, a.In(x.Evaluation), b, c, x.Evaluation.State(state));
}
