using System.Globalization;
using ArchGen.Generators.Diagnostics;
using ArchGen.Generators.Model;
using Microsoft.CodeAnalysis;

namespace ArchGen.Generators.Parsing;

/// <summary>The names that an architecture declares for a file, which are written into code and into tables: they must be plain text.</summary>
internal static class FileNames
{
    private static readonly (string Attribute, string?[] Arguments)[] Named =
    [
        (KnownNames.Architecture, [null]), (KnownNames.IgnoredTensors, [null]), (KnownNames.Tensor, ["Name", "Hf", "Scale"]), (KnownNames.Blocks, [null, "Hf"]),
        (KnownNames.HyperParameter, [null, "Hf"]),
    ];

    /// <summary>Reports each name of the architecture's own declarations that cannot be one.</summary>
    public static void Check(INamedTypeSymbol type, Action<DiagnosticModel> report)
    {
        var symbols = type.GetTypeMembers().Prepend(type).SelectMany(t => t.GetMembers().OfType<IPropertySymbol>()).Prepend<ISymbol>(type);
        foreach (var symbol in symbols.Where(s => s.IsInSource()))
        {
            foreach (var (name, arguments) in Named)
            {
                foreach (var attribute in symbol.Attributes(name))
                {
                    foreach (var argument in arguments) Check(attribute, argument, report);
                }
            }
        }

        foreach (var rename in type.Attributes(KnownNames.Hf).Where(r => r.ConstructorArguments.Length == 2))
        {
            if (HyperParameterTable.SplitAlternatives(rename.Text(1)).FirstOrDefault(n => Problem(n) is not null) is { } name) report(DiagnosticModel.Create(Descriptors.FileName, rename.Location(), Clean(name), Problem(name)!));
        }

        if (type.Attribute(KnownNames.HuggingFace) is { } huggingFace && ArchitectureParser.HuggingFaceClasses(type).FirstOrDefault(c => Problem(c) is not null) is { } wrong)
        {
            report(DiagnosticModel.Create(Descriptors.FileName, huggingFace.Location(), Clean(wrong), Problem(wrong)!));
        }
    }

    /// <summary>The name itself if it can be one; else what stands for it in code that is emitted beside the report.</summary>
    public static string Clean(string name) => Problem(name) is null ? name : string.Concat(name.Select(c => IsPlain(c) && !char.IsSurrogate(c) ? c : '_'));

    private static void Check(AttributeData attribute, string? argument, Action<DiagnosticModel> report)
    {
        var isLeftOut = argument is null ? attribute.ConstructorArguments.Length == 0 || attribute.ConstructorArguments[0].Value is not string : attribute.Named<string>(argument) is null;
        if (isLeftOut) return;
        var text = argument is null ? attribute.Text() : attribute.Named<string>(argument)!;
        var names = argument == "Hf" || attribute.AttributeClass.Is(KnownNames.IgnoredTensors) ? HyperParameterTable.SplitAlternatives(text) : [text];
        if (names.FirstOrDefault(n => Problem(n) is not null) is { } wrong) report(DiagnosticModel.Create(Descriptors.FileName, attribute.Location(argument), Clean(wrong), Problem(wrong)!));
    }

    private static string? Problem(string name)
    {
        if (name.Length == 0) return "it is empty";
        for (var i = 0; i < name.Length; i++)
        {
            if (!IsPlain(name[i])) return $"it has {(name[i] is '"' ? "a quote" : name[i] is '\\' ? "a backslash" : $"the character U+{(int)name[i]:X4}")} at position {(i + 1).ToString(CultureInfo.InvariantCulture)}";
            if (!char.IsSurrogate(name[i])) continue;
            if (i + 1 == name.Length || !char.IsSurrogatePair(name[i], name[i + 1])) return $"it has half a character at position {(i + 1).ToString(CultureInfo.InvariantCulture)}";
            i++;
        }

        return null;
    }

    private static bool IsPlain(char c) =>
        c is not ('"' or '\\') && CharUnicodeInfo.GetUnicodeCategory(c) is not (UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
