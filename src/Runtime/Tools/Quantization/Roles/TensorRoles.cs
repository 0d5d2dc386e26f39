using System.Globalization;
using System.IO.Enumeration;
using System.Text.RegularExpressions;

namespace ArchGen.Tools.Quantization.Roles;

/// <summary>The roles of a model's tensors: by its architecture's forward pass, or by their usual names if it is not declared.</summary>
public sealed partial class TensorRoles
{
    private readonly Dictionary<string, TensorRole>? _declared;
    private readonly string[] _plain;

    /// <summary>The roles of an architecture's tensors.</summary>
    /// <param name="architecture">The declaration; null for an architecture that has none.</param>
    public TensorRoles(ArchitectureInfo? architecture)
    {
        _declared = architecture is null ? null : GraphRoles.Of(architecture.Outlines);
        _plain = architecture?.Quantization.Plain.Split('|', StringSplitOptions.RemoveEmptyEntries) ?? [];
    }

    /// <summary>Whether the roles come from a declaration.</summary>
    public bool AreDeclared => _declared is not null;

    /// <summary>The role of a tensor.</summary>
    public TensorRole this[string name]
    {
        get
        {
            ArgumentNullException.ThrowIfNull(name);
            if (_plain.Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false))) return TensorRole.Matrix;
            return _declared is not null && _declared.TryGetValue(Index().Replace(name, "{i}", 1), out var role) ? role : StandardNames.RoleOf(name);
        }
    }

    /// <summary>The index of a tensor's block, or null.</summary>
    internal static int? BlockOf(string name) =>
        BlockNumber().Match(name) is { Success: true } match
            && int.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null;

    // A declaration may call its blocks as it likes.
    [GeneratedRegex(@"(?<=\.)[0-9]+(?=\.)", RegexOptions.CultureInvariant)]
    private static partial Regex Index();

    [GeneratedRegex(@"blk\.([0-9]+)\.", RegexOptions.CultureInvariant)]
    private static partial Regex BlockNumber();
}
