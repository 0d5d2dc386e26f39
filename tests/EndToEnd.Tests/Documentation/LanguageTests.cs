using System.Reflection;
using System.Text.RegularExpressions;
using ArchGen.Cpu.Execution;
using ArchGen.Gguf;
using ArchGen.Runtime.Generation;
using ArchGen.Tokenizers;
using ArchGen.Tools.Quantization;

namespace ArchGen.EndToEnd.Tests.Documentation;

/// <summary>The tables of docs/language.md are those of the language.</summary>
public sealed partial class LanguageTests
{
    private static readonly string Page = File.ReadAllText(Path.Combine(Root(), "docs", "language.md"));

    /// <summary>Each function with its parameters: a function of the op vocabulary, a method of a tensor, or one of a module, <c>Linear.Of(x)</c>.</summary>
    [Fact]
    public void Every_function_has_its_line()
    {
        const BindingFlags All = BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance;
        var modules = typeof(OpVocabulary).Assembly.GetExportedTypes().Where(t => t.BaseType == typeof(Module));
        var methods = new[] { typeof(OpVocabulary), typeof(Block), typeof(Tensor) }.Concat(modules).SelectMany(t => t.GetMethods(All))
            .Where(m => m.GetCustomAttribute<OpAttribute>() is not null && !m.IsSpecialName);
        var words = methods.Select(m => $"{Receiver(m)}{m.Name}({string.Join(", ", m.GetParameters().Select(p => p.Name))})").ToHashSet();
        var listed = Rows("Functions and operators").Skip(2).SelectMany(row => Code().Matches(row[0]).Select(m => m.Groups[1].Value)).ToList();
        Assert.Equal(words.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
        Assert.All(Rows("Functions and operators"), row => Assert.NotEmpty(row[1]));
    }

    /// <summary>Each operator, with what may stand on either side.</summary>
    [Fact]
    public void Every_operator_has_its_line()
    {
        var operators = typeof(Tensor).GetMethods().Where(m => m.IsSpecialName && m.GetCustomAttribute<OpAttribute>() is not null).ToList();
        var numbers = operators.Where(m => m.GetParameters().All(p => p.ParameterType != typeof(double)) && m.GetParameters().Length == 2)
            .ToLookup(m => m.Name);
        Assert.Equal(["op_Addition", "op_Division", "op_Multiply", "op_Subtraction"], numbers.Select(g => g.Key).Order(StringComparer.Ordinal));
        Assert.All(numbers, sides => Assert.Equal(["Tensor Tensor", "Tensor Weight", "Weight Tensor"], sides.Select(Sides).Order(StringComparer.Ordinal)));
        var listed = Code().Matches(Rows("Functions and operators").ElementAt(1)[0]).Select(m => m.Groups[1].Value);
        var actual = operators.Where(m => m.GetParameters().Length == 1 || m.GetParameters().Any(p => p.ParameterType == typeof(double))).Select(Written);
        Assert.Equal(actual.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));

        static string Sides(MethodInfo m) => string.Join(' ', m.GetParameters().Select(p => p.ParameterType.Name));
        static string Written(MethodInfo m)
        {
            var sign = m.Name switch { "op_Addition" => "+", "op_Subtraction" or "op_UnaryNegation" => "-", "op_Multiply" => "*", _ => "/" };
            var sides = m.GetParameters().Select(p => p.ParameterType == typeof(double) ? "n" : "x").ToList();
            return sides.Count == 1 ? sign + sides[0] : $"{sides[0]} {sign} {sides[1]}";
        }
    }

    [Fact]
    public void The_hyper_parameters_are_those_of_the_bases()
    {
        var declared = new[] { typeof(Model), typeof(DecoderModel) }
            .SelectMany(t => t.GetProperties(BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.Instance))
            .Select(p => (p.Name, Attribute: p.GetCustomAttribute<HyperParameterAttribute>())).Where(p => p.Attribute is not null)
            .Select(p => $"| `{p.Name}` | `{p.Attribute!.Key}` |{Cell(p.Attribute.Hf)}|{Cell(p.Attribute.Default)}|");
        Assert.Equal(declared, Section("Hyper-parameters that need no declaration").Split('\n').Where(l => l.StartsWith("| `", StringComparison.Ordinal)));

        static string Cell(string? text) => text is null ? " " : $" `{text.Replace("|", "\\|")}` ";
    }

    [Fact]
    public void Every_namespace_has_what_it_says()
    {
        Type[] oneOfEach =
        [
            typeof(OpVocabulary), typeof(GgufFile), typeof(Tokenizer), typeof(LoadedModel), typeof(CpuBackend), typeof(Quantizer),
            typeof(CommandLine.ArchgenProgram),
        ];
        var assemblies = oneOfEach.Select(type => type.Assembly).ToArray();
        foreach (var row in Rows("Namespaces").Where(r => !r[0].Contains("Architectures", StringComparison.Ordinal)))
        {
            Assert.All(Code().Matches(row[1]),
                type => Assert.Contains(assemblies, a => a.GetType($"{row[0].Trim('`')}.{type.Groups[1].Value}") is { IsPublic: true }));
        }
    }

    private static string Receiver(MethodInfo method) =>
        method.DeclaringType == typeof(Tensor) ? "x." : method.DeclaringType!.BaseType == typeof(Module) ? method.DeclaringType.Name + "." : "";

    private static string Section(string title)
    {
        var start = Page.IndexOf($"\n## {title}\n", StringComparison.Ordinal);
        var end = Page.IndexOf("\n## ", start + 4, StringComparison.Ordinal);
        return end < 0 ? Page[start..] : Page[start..end];
    }

    /// <summary>The cells of a section's table, without its head.</summary>
    private static IEnumerable<string[]> Rows(string title) => Section(title).Split('\n').Where(l => l.StartsWith("| `", StringComparison.Ordinal))
        .Select(l => CellBorder().Split(l.Trim('|', ' ')).Select(c => c.Trim()).ToArray());

    private static string Root()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "ArchGen.sln"))) directory = directory.Parent!;
        return directory.FullName;
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"(?<!\\)\|")]
    private static partial Regex CellBorder();
}
