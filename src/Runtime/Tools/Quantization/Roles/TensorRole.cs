namespace ArchGen.Tools.Quantization.Roles;

/// <summary>The role of a tensor in its model, as far as a mix of types needs it.</summary>
public enum TensorRole
{
    /// <summary>Never quantized: norms, convolutions, routers, positions, and other parameters that are small or that errors hurt most.</summary>
    Parameter,

    /// <summary>A matrix that no mix treats apart.</summary>
    Matrix,

    /// <summary>The rows of tokens.</summary>
    TokenEmbedding,

    /// <summary>The matrix that gives the logits.</summary>
    Output,

    /// <summary>The queries of an attention.</summary>
    AttentionQuery,

    /// <summary>The keys of an attention.</summary>
    AttentionKey,

    /// <summary>The values of an attention, alone or in one matrix with keys, or with queries and keys.</summary>
    AttentionValue,

    /// <summary>The first matrix after an attention.</summary>
    AttentionOutput,

    /// <summary>The matrix into a feed-forward network whose product the activation lets through.</summary>
    FeedForwardGate,

    /// <summary>The other matrix into a feed-forward network, or the only one.</summary>
    FeedForwardUp,

    /// <summary>The matrix out of a feed-forward network.</summary>
    FeedForwardDown,
}
