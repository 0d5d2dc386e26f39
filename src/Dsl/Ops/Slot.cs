namespace ArchGen;

/// <summary>
/// The role of an operand in its operation: <c>node.Input(Slot.Weight)</c>. An operation has each of its slots once, in the order of its
/// <see cref="OpSpec.Operands"/>.
/// </summary>
public enum Slot
{
    /// <summary>The activations that an operation transforms.</summary>
    X,

    /// <summary>The first of two operands; in a scan, the A of its paper: a decay rate for each head.</summary>
    A,

    /// <summary>The second of two operands; in a scan, the B of its paper: the direction in which an input is added to the state.</summary>
    B,

    /// <summary>In a scan, the C of its paper: the direction in which the state is read.</summary>
    C,

    /// <summary>A matrix, a convolution's kernel, or the factors of a norm.</summary>
    Weight,

    /// <summary>The summand of the result; in attention, that of the scores.</summary>
    Bias,

    /// <summary>A factor of the result.</summary>
    Scale,

    /// <summary>The ids of the experts that each token uses.</summary>
    Experts,

    /// <summary>The table whose rows are looked up.</summary>
    Table,

    /// <summary>Indices of rows or elements.</summary>
    Ids,

    /// <summary>The factors of a weighted sum.</summary>
    Weights,

    /// <summary>A divisor for each frequency of a rotary embedding.</summary>
    Factors,

    /// <summary>The queries of an attention.</summary>
    Query,

    /// <summary>The keys of an attention.</summary>
    Key,

    /// <summary>The values of an attention.</summary>
    Value,

    /// <summary>A logit for each head that takes part in the softmax alone.</summary>
    Sinks,

    /// <summary>The length of a scan's step.</summary>
    TimeStep,

    /// <summary>The logarithm of the factor of the state from one token to the next.</summary>
    Decay,

    /// <summary>The step size with which the state is corrected for a key.</summary>
    Beta,

    /// <summary>The recurrent state.</summary>
    State,
}
