namespace ArchGen;

/// <summary>Whether an operation is a nonlinear function of each element.</summary>
public enum Nonlinearity
{
    /// <summary>It is not. A clamp counts as linear: within its bounds it changes nothing.</summary>
    None,

    /// <summary>It is, but networks do not use it between two matrices: an exponential, a softplus.</summary>
    Function,

    /// <summary>It is one that feed-forward networks use between two matrices, alone or on a gate (arXiv:2002.05202).</summary>
    Activation,
}
