namespace ArchGen;

/// <summary>Whether an operation is a nonlinear function of each element.</summary>
public enum Nonlinearity
{
    /// <summary>Linear. A clamp counts as linear: within its bounds it changes nothing.</summary>
    None,

    /// <summary>Nonlinear, but not used between two matrices: an exponential, a softplus.</summary>
    Function,

    /// <summary>An activation of feed-forward networks, between two matrices, also on a gate (arXiv:2002.05202).</summary>
    Activation,
}
