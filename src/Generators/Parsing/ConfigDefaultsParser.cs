using ArchGen.Generators.Diagnostics;
using ArchGen.Generators.Model;
using Microsoft.CodeAnalysis;

namespace ArchGen.Generators.Parsing;

/// <summary>Reads what an architecture says of the keys that config.json leaves out, and checks the classes that it says something for.</summary>
internal static class ConfigDefaultsParser
{
    private const string Class = "a class that [HuggingFace] or [TextOf] names";

    public static IEnumerable<ConfigDefaultsModel> Parse(INamedTypeSymbol type) =>
        type.Attributes(KnownNames.ConfigDefaults).Select(attribute => new ConfigDefaultsModel(
            Classes(attribute).Select(FileNames.Clean).ToEquatable(), attribute.Named<string>("With") is { } key ? FileNames.Clean(key) : null,
            Pairs(attribute).Select(pair => new NoteModel(FileNames.Clean(pair.Key), FileNames.Clean(pair.Value))).ToEquatable()));

    /// <summary>
    /// Reports the first that is wrong in each attribute: a class that is none of the architecture's, a pair that is none, a key that nothing reads; and
    /// each [Hf] for a class that is none of the architecture's. An abstract one has none: it speaks for those of its variants.
    /// </summary>
    public static void Check(INamedTypeSymbol type, ConversionModel conversion, Action<DiagnosticModel> report)
    {
        var classes = ArchitectureParser.HuggingFaceClasses(type).ToList();
        var keys = new HashSet<string>(ReadKeys(conversion), StringComparer.Ordinal);
        foreach (var attribute in type.Attributes(KnownNames.ConfigDefaults)) CheckOne(attribute);
        foreach (var rename in type.Attributes(KnownNames.Hf).Where(_ => !type.IsAbstract)) CheckClasses(rename, "[Hf]");

        bool CheckClasses(AttributeData attribute, string name)
        {
            if (Classes(attribute).FirstOrDefault(c => !classes.Contains(c)) is not { } stranger) return true;
            Report(attribute.Location("For"), attribute.Named<string>("For")!, stranger, classes, Class, name);
            return false;
        }

        void CheckOne(AttributeData attribute)
        {
            var pairs = HyperParameterTable.SplitAlternatives(attribute.Text());
            if (!CheckClasses(attribute, "[ConfigDefaults]")) return;
            if (pairs.FirstOrDefault(text => text.IndexOf('=') <= 0 || text.EndsWith("=", StringComparison.Ordinal)) is { } malformed)
                Report(attribute.ArgumentLocation(0), attribute.Text(), malformed, [], "a key and its value, such as rope_theta=10000");
            else if (Pairs(attribute).GroupBy(pair => pair.Key).FirstOrDefault(same => same.Count() > 1) is { } twice)
                Report(attribute.ArgumentLocation(0), attribute.Text(), twice.Key, [], "named once here");
            else if (Pairs(attribute).Select(pair => pair.Key).FirstOrDefault(key => !keys.Contains(key) && !IsOfScaling(key, conversion)) is { } unread)
                Report(attribute.ArgumentLocation(0), attribute.Text(), unread, keys, "a key of config.json that this architecture reads");
        }

        void Report(Location argument, string text, string name, IEnumerable<string> candidates, string expected,
            string attribute = "[ConfigDefaults]")
        {
            var place = argument.Within(text.IndexOf(name, StringComparison.Ordinal), name.Length);
            var diagnostic = Descriptors.UnknownMember.AtUnknown(place, name, candidates, attribute, name, expected);
            // A code fix replaces what is at the place, so that must be the name alone.
            report(place == argument ? diagnostic with { Remedy = null } : diagnostic);
        }
    }

    private static IEnumerable<string> Classes(AttributeData attribute) => HyperParameterTable.SplitAlternatives(attribute.Named<string>("For"));

    private static IEnumerable<(string Key, string Value)> Pairs(AttributeData attribute) =>
        from text in HyperParameterTable.SplitAlternatives(attribute.Text())
        let at = text.IndexOf('=')
        where at > 0
        select (text.Substring(0, at), text.Substring(at + 1));

    /// <summary>The keys in the sources and among the values that are taken for granted, and those that the tokenizer reads.</summary>
    private static IEnumerable<string> ReadKeys(ConversionModel conversion) =>
        conversion.Keys.SelectMany(k => new[] { k.Source, k.Unless }).OfType<string>().SelectMany(ConfigSource.KeysOf)
            .Concat(conversion.Fixed.Select(f => f.Name)).Concat(["vocab_size", "bos_token_id", "eos_token_id", "pad_token_id", "sep_token_id"]);

    private static bool IsOfScaling(string key, ConversionModel conversion) =>
        key.StartsWith("rope_scaling.", StringComparison.Ordinal) && conversion.Keys.Any(k => k.Type == "RopeScaling");
}
