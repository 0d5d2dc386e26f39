using ArchGen.Generators.Diagnostics;
using ArchGen.Generators.Model;
using Microsoft.CodeAnalysis;

namespace ArchGen.Generators.Parsing;

/// <summary>The activation that config.json is held to is one that a forward pass calls.</summary>
internal static class ConfiguredActivation
{
    private static readonly Op[] Activations = [Op.Silu, Op.Gelu, Op.GeluTanh, Op.GeluQuick, Op.Relu, Op.ReluSquared, Op.Xielu];

    /// <summary>The keys of config.json that name the activation of the feed-forward network.</summary>
    private static readonly string[] Keys = ["activation", "activation_function", "hidden_act", "hidden_activation"];

    /// <summary>What transformers' names mean. SiLU with a slope, as gpt-oss has it, is <c>GeluQuick</c>; "geglu" leaves GELU's form open.</summary>
    private static readonly Dictionary<string, Op[]> Named = new(StringComparer.Ordinal)
    {
        ["silu"] = [Op.Silu, Op.GeluQuick],
        ["swish"] = [Op.Silu, Op.GeluQuick],
        ["swiglu"] = [Op.Silu, Op.GeluQuick],
        ["gelu"] = [Op.Gelu],
        ["gelu_python"] = [Op.Gelu],
        ["geglu"] = [Op.Gelu, Op.GeluTanh],
        ["gelu_new"] = [Op.GeluTanh],
        ["gelu_fast"] = [Op.GeluTanh],
        ["gelu_pytorch_tanh"] = [Op.GeluTanh],
        ["quick_gelu"] = [Op.GeluQuick],
        ["relu"] = [Op.Relu],
        ["relu2"] = [Op.ReluSquared],
        ["xielu"] = [Op.Xielu],
    };

    /// <summary>Warns where none of the activations that are called is one of those named: at the call, or, if that is inherited, at the name.</summary>
    public static void Check(INamedTypeSymbol type, ForwardReader reader, Action<DiagnosticModel> report)
    {
        var held = type.Chain().Reverse().Select(t => t.Attributes(KnownNames.ConfigIs).Where(a => OpsOf(a).Count > 0).ToList())
            .FirstOrDefault(a => a.Count > 0);
        var called = Activations.Where(reader.Applied.ContainsKey).ToList();
        if (held is null || called.Count == 0 || held.SelectMany(OpsOf).Any(called.Contains)) return;
        var own = called.Select(op => reader.Applied[op]).FirstOrDefault(reader.IsOwn);
        var location = own?.GetLocation() ?? held[0].ArgumentLocation(1);
        report(Descriptors.OtherActivation.At(location, string.Join(" and ", called), $"(\"{held[0].Text()}\", \"{held[0].Text(1)}\")",
            string.Join(" or ", OpsOf(held[0]))));
    }

    /// <summary>
    /// Holds config.json to the activations that are called: each key that usually names one and that the declaration neither reads nor speaks of.
    /// </summary>
    public static ConversionModel Complete(ConversionModel conversion, ForwardReader reader)
    {
        var names = Named.Where(n => n.Key != "geglu" && reader.Applied.ContainsKey(n.Value[0])).Select(n => n.Key).OrderBy(n => n, StringComparer.Ordinal);
        var values = string.Join("|", names);
        var read = new HashSet<string>(conversion.Keys.SelectMany(k => ConfigSource.KeysOf(k.Source)), StringComparer.Ordinal);
        if (values.Length == 0 || Keys.Any(read.Contains)) return conversion;
        var spoken = new HashSet<string>(conversion.Fixed.Concat(conversion.IgnoredKeys).Select(n => n.Name), StringComparer.Ordinal);
        var followed = Keys.Where(k => !spoken.Contains(k)).Select(k => new NoteModel(k, values));
        return conversion with { Fixed = conversion.Fixed.Concat(followed).OrderBy(n => n.Name, StringComparer.Ordinal).ToEquatable() };
    }

    private static List<Op> OpsOf(AttributeData attribute) => attribute.Text().Contains("act")
        ? [.. HyperParameterTable.SplitAlternatives(attribute.Text(1)).SelectMany(name => Named.TryGetValue(name, out var ops) ? ops : [])]
        : [];
}
