namespace ArchGen.Tokenizers.HuggingFace.Patterns;

/// <summary>The operation of an instruction of a compiled pattern.</summary>
internal enum PatternOp
{
    /// <summary>The (sub-)pattern is matched.</summary>
    Match,

    /// <summary>One code point of the set.</summary>
    Set,

    /// <summary>Code points of the set, Min to Max of them; possessive if Flag, lazy if Lazy.</summary>
    Run,

    /// <summary>Continues at A, and if that fails at B.</summary>
    Split,

    /// <summary>Continues at A.</summary>
    Jump,

    /// <summary>The instructions from the next one up to a Match must (Flag: must not) match here; continues at A, at the same position.</summary>
    LookAhead,

    /// <summary>The code point before is (Flag: is not) in the set.</summary>
    LookBehind,

    /// <summary>The instructions from the next one up to a Match, matched as a whole, without backtracking into it; continues at A.</summary>
    Atomic,

    /// <summary>Stores the position in register A.</summary>
    Mark,

    /// <summary>Fails if nothing was matched since the Mark of register A.</summary>
    Progress,

    /// <summary>The beginning of a line (Flag: of the text).</summary>
    Start,

    /// <summary>The end of a line (Flag: of the text).</summary>
    End,

    /// <summary>At a word boundary (Flag: not at one).</summary>
    WordBoundary,
}

/// <summary>One instruction of a compiled pattern.</summary>
internal readonly record struct PatternInstruction(
    PatternOp Op, CodePointSet? Set = null, int A = 0, int B = 0, int Min = 0, int Max = 0, bool Flag = false, bool Lazy = false);

/// <summary>The options of a group of a pattern.</summary>
/// <param name="IgnoreCase">Whether characters match in any case.</param>
/// <param name="DotAll">Whether a dot matches a line break.</param>
internal readonly record struct PatternOptions(bool IgnoreCase, bool DotAll);
