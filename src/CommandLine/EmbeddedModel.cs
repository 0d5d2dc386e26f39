namespace ArchGen.CommandLine;

/// <summary>A model that a program brings along, which commands take when none is named.</summary>
/// <param name="name">What it is called in the help, such as Wren; in lower case its name in <c>archgen serve</c>.</param>
/// <param name="fileName">The name of its GGUF file, for messages.</param>
/// <param name="open">Opens the bytes of the file; who calls it disposes the stream.</param>
public sealed class EmbeddedModel(string name, string fileName, Func<Stream> open)
{
    /// <summary>What it is called in the help.</summary>
    public string Name { get; } = name;

    /// <summary>The name of its GGUF file, for messages.</summary>
    public string FileName { get; } = fileName;

    /// <summary>The text that <c>archgen run</c> continues when none is given; special tokens in it are read as such.</summary>
    public string Prompt { get; init; } = "";

    /// <summary>What <c>archgen chat</c> says before the first question.</summary>
    public string Introduction { get; init; } = "";

    /// <summary>Opens the bytes of the file.</summary>
    internal Stream Open() => open();
}
