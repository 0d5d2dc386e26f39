namespace ArchGen;

/// <summary>
/// Says where an assembly lists its architectures: the generator writes it beside the list. By it <c>Catalog.All</c> of an assembly that refers to this one
/// has these architectures too.
/// </summary>
/// <param name="catalog">A class with a static property <c>Own</c>, the architectures of the assembly, and <c>All</c>, with those that it refers to.</param>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class CatalogAttribute(Type catalog) : Attribute
{
    /// <summary>The class.</summary>
    public Type Catalog { get; } = catalog;

    /// <summary>The version of the language that the assembly's architectures are written in; 0 if it is not stated.</summary>
    public int Language { get; set; }
}
