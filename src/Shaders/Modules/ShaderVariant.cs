namespace ArchGen.Vulkan.Modules;

/// <summary>A shader as it is compiled: a source with definitions.</summary>
/// <param name="Name">Its name: that of the source, and what makes it differ from the others of that source.</param>
/// <param name="Source">The source, in the folder Glsl.</param>
/// <param name="Defines">Definitions for the compiler.</param>
internal sealed record ShaderVariant(string Name, string Source, IReadOnlyList<string> Defines)
{
    /// <summary>A source that is compiled as it is.</summary>
    public static ShaderVariant Plain(string name) => new(name, $"{name}.comp", []);

    /// <summary>A source for one of several types, with a definition such as <c>TYPE_Q4_0</c>.</summary>
    public static ShaderVariant Typed(string name, string type, params string[] defines) =>
        new($"{name}.{type}", $"{name}.comp", [$"TYPE_{type.ToUpperInvariant()}", .. defines]);
}
