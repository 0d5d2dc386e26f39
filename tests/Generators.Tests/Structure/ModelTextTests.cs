using System.Collections;
using System.Reflection;
using System.Text.RegularExpressions;
using ArchGen.Generators.Model;

namespace ArchGen.Generators.Tests.Structure;

/// <summary>
/// The generator's model holds no C#: a string of it is a name, a keyword, or a text that is written as a literal or a comment. What is computed is an
/// <see cref="Expression"/>, and becomes C# when it is written.
/// </summary>
public class ModelTextTests
{
    /// <summary>The name of a C# member, variable or method.</summary>
    private const string Name = @"^@?[\p{L}_][\w]*$";

    /// <summary>The full name of a type, or of a namespace.</summary>
    private const string TypeName = @"^(global::)?@?[\p{L}_][\w.@]*(<[\w:., ]+>)?\??$";

    /// <summary>A keyword of C#.</summary>
    private const string Keyword = "^[a-z]+$";

    /// <summary>The name of a node or a tensor, or the prefix of a block.</summary>
    private const string FileName = @"^[\w.{}]+( \([\w ]+\))?( #\d+)?$";

    /// <summary>The digits of a number.</summary>
    private const string Digits = @"^-?\d+(\.\d+)?(e[+-]?\d+)?$";

    /// <summary>What is written between quotes or in a comment.</summary>
    private const string Text = "";

    /// <summary>Each string of the model, and what it is.</summary>
    private static readonly Dictionary<string, string> Strings = new()
    {
        ["AccessorModel.Keywords"] = Keyword,
        ["ArchitectureModel.ClassName"] = Name,
        ["ArchitectureModel.FileName"] = @"^[\w.()]+$",
        ["ArchitectureModel.FullName"] = TypeName,
        ["ArchitectureModel.HuggingFaceClasses"] = Text,
        ["ArchitectureModel.Bases"] = Text,
        ["ArchitectureModel.Name"] = Text,
        ["ArchitectureModel.Namespace"] = TypeName,
        ["ArchitectureModel.Summary"] = Text,
        ["ArchitectureName.Claim"] = Text,
        ["ArchitectureName.Class"] = Text,
        ["ArchitectureName.Name"] = Text,
        ["ArgumentModel.Parameter"] = Name,
        ["AssignStatement.Variable"] = Name,
        ["BlockKindModel.DecidedBy"] = Name,
        ["BlockKindModel.Name"] = Name,
        ["BlockKindModel.Owner"] = Name,
        ["BlockKindModel.Type"] = TypeName,
        ["BlockListModel.ElementType"] = TypeName,
        ["BlockListModel.HuggingFace"] = FileName,
        ["BlockListModel.Prefix"] = FileName,
        ["BlockListModel.Property"] = Name,
        ["CacheExpression.Name"] = FileName,
        ["CacheModel.Name"] = FileName,
        ["CacheModel.Property"] = Name,
        ["CallExpression.Function"] = Name,
        ["CallStatement.List"] = Name,
        ["CallStatement.Method"] = Name,
        ["CallStatement.Results"] = Name,
        ["CarriedFile.Name"] = Text,
        ["CarriedFile.Text"] = Text,
        ["CarriedFile.Types"] = TypeName + @"|^\*$",
        ["CatalogPlace.Namespace"] = TypeName,
        ["CatalogPlace.Others"] = TypeName,
        ["CastExpression.Type"] = TypeName,
        ["ClassModel.Base"] = TypeName,
        ["ClassModel.DecidedBy"] = Name,
        ["ClassModel.Name"] = Name,
        ["ClassModel.Taken"] = Name,
        ["ClassModel.TypeParameters"] = Name,
        ["ConfigDefaultsModel.Classes"] = Text,
        ["ConfigDefaultsModel.With"] = Text,
        ["ConfigKeyModel.For"] = Text,
        ["ConfigKeyModel.Key"] = Text,
        ["ConfigKeyModel.Method"] = Name,
        ["ConfigKeyModel.Source"] = Text,
        ["ConfigKeyModel.Type"] = Text,
        ["ConfigKeyModel.Unless"] = Text,
        ["ConfigKeyModel.Values"] = Text,
        ["DeclareStatement.Variable"] = Name,
        ["DiagnosticModel.Affected"] = Text,
        ["DiagnosticModel.Arguments"] = Text,
        ["DiagnosticModel.Id"] = Text,
        ["DiagnosticModel.Origin"] = Text,
        ["DiagnosticModel.Remedy"] = Text,
        ["ForwardModel.Modifier"] = Keyword,
        ["ForwardModel.Name"] = Name,
        ["ForwardModel.Type"] = TypeName,
        ["GraphFunction.Graph"] = Text,
        ["GraphFunction.Modifiers"] = Keyword,
        ["GraphFunction.Name"] = Name,
        ["HyperParameterModel.HuggingFace"] = Text,
        ["HyperParameterModel.Key"] = Text,
        ["HyperParameterModel.Name"] = Name,
        ["HyperParameterModel.Target"] = Name,
        ["HyperParameterModel.Type"] = "^([A-Za-z]+|PerLayer<(int|float|bool)>)$",
        ["IgnoredTensorsModel.Pattern"] = Text,
        ["IgnoredTensorsModel.Reason"] = Text,
        ["ImplementationModel.Interface"] = TypeName,
        ["ImplementationModel.Name"] = Name,
        ["ImplementationModel.Type"] = TypeName,
        ["LeafModel.Name"] = FileName,
        ["LoopStatement.List"] = Name,
        ["LoopStatement.Variable"] = Name,
        ["MakerModel.Argument"] = TypeName,
        ["MakerModel.Name"] = Name,
        ["MakerModel.Shared"] = Name,
        ["MakerModel.Type"] = Text,
        ["MemberExpression.Member"] = Name,
        ["MemberModel.Field"] = Name,
        ["MemberModel.Modifiers"] = Keyword,
        ["MemberModel.Name"] = Name,
        ["MemberModel.Type"] = TypeName,
        ["MethodSource.Method"] = Name,
        ["NameExpression.Identifier"] = TypeName,
        ["NoteModel.Name"] = Text,
        ["NoteModel.Text"] = Text,
        ["NumeralExpression.Digits"] = Digits,
        ["OperationStatement.Node"] = FileName,
        ["OperationStatement.Variable"] = Name,
        ["OuterTypeModel.Keyword"] = Keyword,
        ["OuterTypeModel.Name"] = Name,
        ["OuterTypeModel.TypeParameters"] = Name,
        ["ParameterModel.Name"] = Name,
        ["ParameterModel.Type"] = TypeName,
        ["RepeatStatement.Variable"] = Name,
        ["SettingModel.Property"] = Name,
        ["SourceLine.Node"] = FileName,
        ["SourceLine.Source"] = Text,
        ["SourcePlace.FilePath"] = Text,
        ["StateModel.Name"] = FileName,
        ["StateModel.Property"] = Name,
        ["SymbolicNode.Name"] = FileName,
        ["TensorModel.BiasEnding"] = Text,
        ["TensorModel.FileName"] = FileName,
        ["TensorModel.HuggingFace"] = FileName,
        ["TensorModel.Name"] = FileName,
        ["TensorModel.Property"] = Name,
        ["TensorModel.Scale"] = FileName,
        ["TensorModel.TiedTo"] = Name,
        ["TensorModel.Type"] = Name,
        ["TensorModel.WeightEnding"] = Text,
        ["TrainedKeyModel.From"] = Name,
        ["TrainedKeyModel.Key"] = Text,
        ["TrainedKeyModel.Tensor"] = Text,
        ["TrainedKeyModel.Type"] = Text,
    };

    private static IEnumerable<object> Models =>
        DeclaredArchitectures.Run.Result.TrackedSteps[ArchitectureGenerator.FileStep].SelectMany(s => s.Outputs).Select(o => o.Value);

    private static readonly Type[] Records =
    [
        .. typeof(ArchitectureModel).Assembly.GetTypes()
            .Where(t => t.Namespace == typeof(ArchitectureModel).Namespace && t is { IsClass: true, IsNested: false }),
    ];

    [Fact]
    public void Each_string_of_the_model_is_listed() => Assert.Equal(
        Records.SelectMany(StringsOf).Select(p => $"{p.DeclaringType!.Name}.{p.Name}").Order(StringComparer.Ordinal),
        Strings.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void Each_string_is_what_the_list_says()
    {
        var found = new List<(string Property, string Value)>();
        var visited = new HashSet<object>(ReferenceEqualityComparer.Instance);
        foreach (var model in Models) Collect(model, found, visited);
        Assert.Empty(found.Where(f => Strings[f.Property] != Text && f.Value.Length > 0 && !Regex.IsMatch(f.Value, Strings[f.Property])).Distinct());
        string[] seen = ["BlockKindModel.Type", "CallExpression.Function", "ForwardModel.Modifier", "NameExpression.Identifier", "NumeralExpression.Digits"];
        Assert.Empty(seen.Except(found.Select(f => f.Property)));
    }

    private static IEnumerable<PropertyInfo> StringsOf(Type type) =>
        type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly)
            .Where(p => p.PropertyType == typeof(string) || p.PropertyType == typeof(EquatableArray<string>));

    private static void Collect(object? value, List<(string Property, string Value)> found, HashSet<object> visited)
    {
        if (value is IEnumerable items and not string)
        {
            foreach (var item in items) Collect(item, found, visited);
        }

        if (value is null || value.GetType() is not { IsClass: true } type || !Records.Contains(type) || !visited.Add(value)) return;
        foreach (var property in type.GetProperties(BindingFlags.Instance | BindingFlags.Public).Where(p => p.GetIndexParameters().Length == 0))
        {
            var name = $"{property.DeclaringType!.Name}.{property.Name}";
            if (property.PropertyType == typeof(string) && property.GetValue(value) is string text) found.Add((name, text));
            else if (property.GetValue(value) is EquatableArray<string> texts) found.AddRange(texts.Select(t => (name, t)));
            else Collect(property.GetValue(value), found, visited);
        }
    }
}
