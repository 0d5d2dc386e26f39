using ArchGen.Generators.Diagnostics;
using ArchGen.Generators.Model;
using Microsoft.CodeAnalysis;

namespace ArchGen.Generators.Parsing;

/// <summary>The tensors that decide on kinds of blocks: <c>[When(nameof(GatedLayer.FfnGate))]</c>.</summary>
internal static class DecidingTensors
{
    /// <summary>Reports each that the forward pass of its own kind does not use, since no file would be asked for it; whether there is one.</summary>
    public static bool Check(INamedTypeSymbol architecture, ClassScope root, ForwardReader reader, Action<DiagnosticModel> report)
    {
        if (architecture.IsAbstract) return false;
        var isReported = false;
        foreach (var list in root.Lists.Values)
        {
            foreach (var (kind, model) in list.Kinds.Zip(list.Model.Kinds, (kind, model) => (kind, model)))
            {
                if (model.DecidedBy is not { } name || !SymbolEqualityComparer.Default.Equals(kind.Type.ContainingType, architecture)) continue;
                if (!kind.Tensors.TryGetValue(name, out var tensor) || reader.IsUsedBy(kind, tensor.Property)) continue;
                report(Descriptors.UnknownMember.At(kind.Type.Attribute(KnownNames.When)!.Location(null), "[When]", name,
                    $"a tensor that the forward pass of {kind.Type.Name} uses", ""));
                isReported = true;
            }
        }

        return isReported;
    }
}
