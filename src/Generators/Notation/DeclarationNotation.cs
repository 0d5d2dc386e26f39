using ArchGen.Generators.Model;

namespace ArchGen.Generators.Notation;

/// <summary>Parts of declarations as C#.</summary>
internal static class DeclarationNotation
{
    /// <summary>The head of another part of a type: <c>partial class Outer</c>.</summary>
    public static string Head(this OuterTypeModel type) =>
        $"partial {(type.IsRecord ? "record " : "")}{type.Keyword} {type.Name}{TypeParameters(type.TypeParameters)}";

    /// <summary>Type parameters: <c>&lt;T&gt;</c>; nothing if there are none.</summary>
    public static string TypeParameters(EquatableArray<string> parameters) => parameters.Count == 0 ? "" : $"<{string.Join(", ", parameters)}>";

    /// <summary>The property of a block that has its model's value.</summary>
    public static string ToCSharp(this ForwardModel forward)
    {
        var modifier = forward.Modifier is null ? "" : forward.Modifier + " ";
        return $"protected {modifier}{forward.Type} {forward.Name} => {forward.Value?.ToCSharp() ?? "throw null!"};";
    }

    /// <summary>The type of a result.</summary>
    public static string ToCSharp(this ResultModel result) => result.Items.Count == 0 ? "Tensor" : $"({string.Join(", ", result.Items.Select(ToCSharp))})";

    /// <summary>Keywords in a row.</summary>
    public static string ToCSharp(this EquatableArray<string> keywords) => string.Join(" ", keywords);
}
