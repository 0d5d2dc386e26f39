using ArchGen.Grammars.Regexes;

namespace ArchGen.Grammars.Rules;

/// <summary>A part of a rule of GBNF or Lark as it is written.</summary>
internal abstract record RuleTree
{
    /// <summary>The texts of an expression.</summary>
    public sealed record Terminal(Regex Regex, bool IsLazy = false) : RuleTree;

    /// <summary>A symbol of the grammar: a token by its id, or the documents of a schema.</summary>
    public sealed record Given(Symbol Symbol) : RuleTree;

    /// <summary>Another rule.</summary>
    /// <param name="At">Where in the text the name is.</param>
    public sealed record Name(string Rule, int At) : RuleTree;

    /// <summary>One after the other.</summary>
    public sealed record Sequence(RuleTree[] Parts) : RuleTree;

    /// <summary>One of several.</summary>
    public sealed record Union(RuleTree[] Sides) : RuleTree;

    /// <summary>All of several: only where each is regular.</summary>
    public sealed record Intersection(RuleTree[] Sides) : RuleTree;

    /// <summary>All texts but those of a part: only where it is regular.</summary>
    public sealed record Complement(RuleTree Body) : RuleTree;

    /// <summary>Several times.</summary>
    public sealed record Repeated(RuleTree Body, int Min, int Max) : RuleTree;
}
