using ArchGen.Grammars.Regexes;

namespace ArchGen.Grammars.JsonSchema.Patterns;

/// <summary>A part of a pattern.</summary>
internal abstract record PatternNode
{
    /// <summary>Whether what it matches does not depend on what is around: it has no anchor and no lookahead.</summary>
    public virtual bool IsPlain => true;
}

/// <summary>One character of a set.</summary>
internal sealed record CharacterNode(CodePointRanges Set) : PatternNode;

/// <summary>One after the other.</summary>
internal sealed record SequenceNode(IReadOnlyList<PatternNode> Parts) : PatternNode
{
    public override bool IsPlain { get; } = Parts.All(part => part.IsPlain);
}

/// <summary>One of several.</summary>
internal sealed record ChoiceNode(IReadOnlyList<PatternNode> Parts) : PatternNode
{
    public override bool IsPlain { get; } = Parts.All(part => part.IsPlain);
}

/// <summary>Repeated; <c>Max</c> null is without bound.</summary>
internal sealed record RepeatNode(PatternNode Body, int Min, int? Max) : PatternNode
{
    public override bool IsPlain { get; } = Body.IsPlain;
}

/// <summary>The start or the end of the string.</summary>
internal sealed record AnchorNode(bool IsStart) : PatternNode
{
    public override bool IsPlain => false;
}

/// <summary>A condition of what follows.</summary>
internal sealed record LookaheadNode(PatternNode Body, bool IsNegative) : PatternNode
{
    public override bool IsPlain => false;
}
