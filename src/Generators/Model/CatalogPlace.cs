namespace ArchGen.Generators.Model;

/// <summary>What the catalog of an assembly depends on besides its own architectures.</summary>
/// <param name="Namespace">The namespace of the catalog: the name of the assembly.</param>
/// <param name="Others">The catalogs of the assemblies that this one refers to.</param>
/// <param name="IsNamed">Whether the word <c>Catalog</c> alone can mean this one in all of the assembly.</param>
internal sealed record CatalogPlace(string Namespace, EquatableArray<string> Others, bool IsNamed);
