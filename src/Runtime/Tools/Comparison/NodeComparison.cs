using System.Globalization;
using System.Text;
using ArchGen.Graphs;

namespace ArchGen.Tools.Comparison;

/// <summary>One node beside its counterpart in the reference.</summary>
/// <param name="Node">The node.</param>
/// <param name="Dims">The dimensions of its values, slowest first.</param>
/// <param name="Counterpart">Its name in the reference.</param>
/// <param name="Error">
/// The normalised mean squared error of all elements; where the reference has only sum, norm and samples, the largest squared relative difference of these.
/// </param>
/// <param name="Worst">The largest difference; null for none.</param>
public sealed record NodeComparison(Node Node, IReadOnlyList<int> Dims, string Counterpart, double Error, Difference? Worst)
{
    /// <summary>Whether it differs by more than this; NaN differs from everything.</summary>
    public bool Diverges(double tolerance) => !(Error <= tolerance);
}

/// <summary>Two values that should be equal.</summary>
/// <param name="What">The element's index, such as <c>[3, 17]</c>, or <c>sum</c> or <c>norm</c>.</param>
/// <param name="Found">The model's value.</param>
/// <param name="Expected">The reference's.</param>
public sealed record Difference(string What, double Found, double Expected);

/// <summary>All nodes of a run beside a reference, in graph order.</summary>
/// <param name="Reference">The reference, in words.</param>
/// <param name="Run">The description of the model's run, in words.</param>
/// <param name="Tolerance">The largest error that counts as agreement.</param>
/// <param name="Nodes">The nodes that have a counterpart.</param>
/// <param name="Skipped">The number of computed nodes without a counterpart.</param>
public sealed record ComparisonReport(string Reference, string Run, double Tolerance, IReadOnlyList<NodeComparison> Nodes, int Skipped)
{
    /// <summary>The first node that diverges, or null.</summary>
    public NodeComparison? First => Nodes.FirstOrDefault(n => n.Diverges(Tolerance));

    /// <summary>The first node that diverges, in words: what it is, where it is declared, how far it is off; null if none does.</summary>
    public string? DescribeFirst()
    {
        if (First is not { } first) return null;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{first.Node.Name} diverges from {Reference}, {Run}\n");
        text.Append(CultureInfo.InvariantCulture, $"  operation  {OpTable.Of(first.Node.Op).Word} [{string.Join(", ", first.Dims)}]\n");
        if (first.Node.Source is { } source) text.Append(CultureInfo.InvariantCulture, $"  declared   {source}\n");
        if (first.Counterpart != first.Node.Name) text.Append(CultureInfo.InvariantCulture, $"  reference  {first.Counterpart}\n");
        text.Append(CultureInfo.InvariantCulture, $"  error      {first.Error:0.0E+0}, tolerance {Tolerance:0.0E+0}\n");
        if (first.Worst is { } worst)
        {
            var kind = worst.What.StartsWith('[') ? "element  " : "figure   ";
            text.Append(CultureInfo.InvariantCulture, $"  {kind}  {worst.What}: {worst.Found:G9}, reference {worst.Expected:G9}\n");
        }

        var before = Nodes.TakeWhile(node => node != first).Count();
        return text.Append(CultureInfo.InvariantCulture, $"  {before} nodes before it agree{SkippedInWords}").ToString();
    }

    /// <summary>The nodes without a counterpart, as the end of a sentence.</summary>
    public string SkippedInWords => Skipped == 0 ? "" : $"; {Skipped} have no counterpart in the reference";
}
