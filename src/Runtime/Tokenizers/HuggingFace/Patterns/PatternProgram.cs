namespace ArchGen.Tokenizers.HuggingFace.Patterns;

/// <summary>What an instruction of a compiled pattern does.</summary>
internal enum PatternOp
{
    /// <summary>The (sub-)pattern is matched.</summary>
    Match,

    /// <summary>One code point of the set.</summary>
    Set,

    /// <summary>As many code points of the set as there are, between Min and Max; gives back unless Flag, prefers few if Lazy.</summary>
    Run,

    /// <summary>Goes on at A, and if that fails at B.</summary>
    Split,

    /// <summary>Goes on at A.</summary>
    Jump,

    /// <summary>The instructions from the next one up to a Match must (Flag: must not) match here; goes on at A without moving.</summary>
    LookAhead,

    /// <summary>The code point before is (Flag: is not) in the set.</summary>
    LookBehind,

    /// <summary>The instructions from the next one up to a Match, taken as a whole and never tried in another way; goes on at A.</summary>
    Atomic,

    /// <summary>Remembers the position in register A.</summary>
    Mark,

    /// <summary>Fails if nothing was matched since Mark of register A.</summary>
    Progress,

    /// <summary>The beginning of a line (Flag: of the text).</summary>
    Start,

    /// <summary>The end of a line (Flag: of the text).</summary>
    End,

    /// <summary>Between a word and what is none (Flag: not there).</summary>
    WordBoundary,
}

/// <summary>One instruction of a compiled pattern.</summary>
internal readonly record struct PatternInstruction(
    PatternOp Op, CodePointSet? Set = null, int A = 0, int B = 0, int Min = 0, int Max = 0, bool Flag = false, bool Lazy = false);

/// <summary>The options of a group of a pattern.</summary>
/// <param name="IgnoreCase">Whether characters match in any case.</param>
/// <param name="DotAll">Whether a dot matches a line break.</param>
internal readonly record struct PatternOptions(bool IgnoreCase, bool DotAll);
