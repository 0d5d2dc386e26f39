namespace ArchGen;

/// <summary>
/// The source of a file with architectures, parts or what they are made of; the generator writes one for each such file of a library. From it, the generator
/// reads what a class in another assembly derives from. It is for the compiler alone: trimming and Native AOT leave it out of a program.
/// </summary>
/// <param name="language">The version of the language that the file is written in.</param>
/// <param name="file">The name of the file.</param>
/// <param name="types">The full names of the types that it declares, with <c>;</c> between them.</param>
/// <param name="text">The text without comments, compressed (DEFLATE) and in base 64.</param>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
public sealed class DeclarationSourceAttribute(int language, string file, string types, string text) : Attribute
{
    /// <summary>The version of the language that the file is written in.</summary>
    public int Language { get; } = language;

    /// <summary>The name of the file.</summary>
    public string File { get; } = file;

    /// <summary>The full names of the types that it declares.</summary>
    public string Types { get; } = types;

    /// <summary>The compressed text.</summary>
    public string Text { get; } = text;
}
