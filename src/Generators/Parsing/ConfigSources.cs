using ArchGen.Generators.Diagnostics;
using ArchGen.Generators.Model;
using Microsoft.CodeAnalysis;

namespace ArchGen.Generators.Parsing;

/// <summary>Checks what an architecture says of config.json by the syntax that conversion reads it with.</summary>
internal static class ConfigSources
{
    private const string Source = "a source in config.json", Meanings = "what texts of config.json mean";

    /// <summary>Reports each source that is malformed, at the place where it goes wrong.</summary>
    public static void Check(INamedTypeSymbol architecture, Action<DiagnosticModel> report)
    {
        var hyperParameters = architecture.HyperParameterNames();
        var readers = CheckpointNames.ReadersOf(architecture).ToList();
        foreach (var attribute in architecture.GetMembers().OfType<IPropertySymbol>().Select(p => p.Attribute(KnownNames.HyperParameter))
            .OfType<AttributeData>())
        {
            Check(attribute.Named<string>("Hf"), attribute.Location("Hf"), Source);
            Check(attribute.Named<string>("Unless"), attribute.Location("Unless"), Source);
            Check(attribute.Named<string>("Values"), attribute.Location("Values"), Meanings);
        }

        foreach (var attribute in architecture.Attributes(KnownNames.Hf).Where(a => hyperParameters.Contains(a.Text())))
        {
            Check(Second(attribute), attribute.ArgumentLocation(1), Source);
            Check(attribute.Named<string>("Unless"), attribute.Location("Unless"), Source);
        }

        foreach (var attribute in architecture.Attributes(KnownNames.Writes)) Check(Second(attribute), attribute.ArgumentLocation(1), Source);

        void Check(string? text, Location place, string what)
        {
            if (text is null || CheckpointNames.Reader(architecture, readers, text) is not null) return;
            if (architecture.Chain().SelectMany(t => t.GetMembers(text)).OfType<IMethodSymbol>().Any())
            {
                report(Descriptors.MalformedSource.At(place, text, what, "a method of that name must be static, take a Config, and return the value or null"));
                return;
            }

            try
            {
                if (what == Source) ConfigSource.Parse(text);
                else ConfigSource.ParseValues(text);
            }
            catch (ConfigSourceException error)
            {
                // From where it goes wrong to the end of its alternative; at its end, the whole.
                var end = text.IndexOf('|', error.Position) is var bar and >= 0 ? bar : text.Length;
                report(Descriptors.MalformedSource.At(place.Within(error.Position, end - error.Position), text, what, error.Message));
            }
        }
    }

    private static string? Second(AttributeData attribute) =>
        attribute.ConstructorArguments.ElementAtOrDefault(1) is { Kind: TypedConstantKind.Primitive, Value: string text } ? text : null;
}
