using System.Text.RegularExpressions;

namespace ArchGen.Graphs;

/// <summary>The block that a node belongs to, by its name: <c>blk.3</c> of <c>blk.3.attn_q</c>, <c>enc.blk.0</c> of <c>enc.blk.0.ffn_up</c>, or none.</summary>
internal static partial class BlockName
{
    public static string? Of(Node node)
    {
        var match = Block().Match(node.Name);
        return match.Success ? match.Value : null;
    }

    [GeneratedRegex(@"^([A-Za-z0-9_]+\.)*?blk\.[0-9]+(?=[. ]|$)", RegexOptions.CultureInvariant)]
    private static partial Regex Block();
}
