using System.Globalization;
using ArchGen.Generators.Diagnostics;
using ArchGen.Generators.Model;
using Microsoft.CodeAnalysis;

namespace ArchGen.Generators.Parsing;

/// <summary>The names that an architecture declares for a file, which are written into code and into tables: they must be plain text.</summary>
internal static class FileNames
{
    /// <summary>The arguments that are names, by attribute; null is the first.</summary>
    private static readonly (string Attribute, string?[] Arguments)[] Named =
    [
        (KnownNames.Tensor, ["Name", "Hf", "Scale"]), (KnownNames.HyperParameter, [null]), (KnownNames.Blocks, [null, "Hf"]),
        (KnownNames.Architecture, [null]), (KnownNames.IgnoredTensors, [null]),
    ];

    /// <summary>Reports each name of the architecture's own declarations that cannot be one.</summary>
    public static void Check(INamedTypeSymbol architecture, Action<DiagnosticModel> report)
    {
        var symbols = architecture.GetTypeMembers().Prepend(architecture).SelectMany(t => t.GetMembers().OfType<IPropertySymbol>())
            .Prepend<ISymbol>(architecture);
        foreach (var symbol in symbols.Where(s => s.IsInSource()))
        {
            foreach (var attribute in symbol.GetAttributes())
            {
                var arguments = Named.FirstOrDefault(n => attribute.AttributeClass.Is(n.Attribute)).Arguments ?? [];
                foreach (var argument in arguments) Check(attribute, argument, report);
            }
        }

        // Where hyper-parameters come from is no name, but has a syntax of its own.
        var hyperParameters = architecture.HyperParameterNames();
        foreach (var rename in architecture.Attributes(KnownNames.Hf).Where(r => r.ConstructorArguments.Length == 2 && !hyperParameters.Contains(r.Text())))
        {
            Check(HyperParameterTable.SplitAlternatives(rename.Text(1)), rename.Location(), report);
        }

        foreach (var trained in architecture.Attributes(KnownNames.HfTensor).Where(t => t.ConstructorArguments.Length == 2))
            Check(HyperParameterTable.SplitAlternatives(trained.Text(1)), trained.Location(), report);
        foreach (var fused in architecture.Attributes(KnownNames.HfFused)) Check(HyperParameterTable.SplitAlternatives(fused.Text()), fused.Location(), report);
        foreach (var claim in new[] { KnownNames.HuggingFace, KnownNames.TextOf }.Select(architecture.Attribute).OfType<AttributeData>())
        {
            Check(ArchitectureParser.Classes(claim), claim.Location(), report);
        }
    }

    /// <summary>The name itself if it can be one; else what stands for it in code that is emitted beside the report.</summary>
    public static string Clean(string name) => Problem(name) is null ? name : string.Concat(name.Select(c => IsPlain(c) && !char.IsSurrogate(c) ? c : '_'));

    private static void Check(AttributeData attribute, string? argument, Action<DiagnosticModel> report)
    {
        var text = argument is not null ? attribute.Named<string>(argument) : attribute.ConstructorArguments.Length > 0
            ? attribute.ConstructorArguments[0].Value as string : null;
        if (text is null) return;
        var isList = argument is "Hf" || attribute.AttributeClass.Is(KnownNames.IgnoredTensors);
        Check(isList ? HyperParameterTable.SplitAlternatives(text) : [text], attribute.Location(argument), report);
    }

    private static void Check(IEnumerable<string> names, Location location, Action<DiagnosticModel> report)
    {
        if (names.FirstOrDefault(n => Problem(n) is not null) is { } wrong) report(Descriptors.FileName.At(location, Clean(wrong), Problem(wrong)!));
    }

    private static string? Problem(string name)
    {
        if (name.Length == 0) return "it is empty";
        for (var i = 0; i < name.Length; i++)
        {
            var at = "at position " + (i + 1).ToString(CultureInfo.InvariantCulture);
            if (!IsPlain(name[i])) return $"it has {Name(name[i])} {at}";
            if (!char.IsSurrogate(name[i])) continue;
            if (i + 1 == name.Length || !char.IsSurrogatePair(name[i], name[i + 1])) return $"it has half a character {at}";
            i++;
        }

        return null;
    }

    private static string Name(char c) => c switch { '"' => "a quote", '\\' => "a backslash", _ => $"the character U+{(int)c:X4}" };

    private static bool IsPlain(char c) =>
        c is not ('"' or '\\')
        && CharUnicodeInfo.GetUnicodeCategory(c) is not (UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
