using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;

namespace ArchGen.Testing.Snapshots;

/// <summary>The files that the generator made for a class. The compiler embeds them into the symbols of the assembly.</summary>
internal static class EmittedCode
{
    private const string Ending = ".g.cs";

    // Portable PDB: the kind of custom debug information that is a document's text.
    private static readonly Guid _embeddedSource = new("0E8A571B-6926-466E-B4AD-8AB04611F5FE");

    /// <summary>The files, by the name of what they hold, in ordinal order.</summary>
    /// <exception cref="CheckFailedException">The assembly has no symbols, or they do not hold the files.</exception>
    public static IReadOnlyList<(string Artefact, string Text)> Of(Type type)
    {
        var assembly = type.Assembly.GetName().Name!;
        var path = Path.Combine(AppContext.BaseDirectory, assembly + ".dll");
        using var file = new PEReader(File.Exists(path) ? File.OpenRead(path) : throw NoSymbols($"{path} is not there"));
        if (!file.TryOpenAssociatedPortablePdb(path, pdb => File.Exists(pdb) ? File.OpenRead(pdb) : null, out var provider, out _) || provider is null)
            throw NoSymbols($"{assembly}.dll has no symbols beside it or inside");
        using (provider)
        {
            var prefix = $"{type.FullName!.Replace('+', '.')}.";
            var files = Read(provider.GetMetadataReader(), prefix).OrderBy(found => found.Artefact, StringComparer.Ordinal).ToList();
            return files.Count > 0 ? files : throw NoSymbols($"the symbols of {assembly}.dll have no file {prefix}*{Ending}");
        }

        CheckFailedException NoSymbols(string problem) =>
            new($"The code generated for {type.Name} is read from the symbols of its assembly: {problem}. Build it with <DebugType>portable</DebugType>.");
    }

    private static IEnumerable<(string Artefact, string Text)> Read(MetadataReader symbols, string prefix)
    {
        foreach (var handle in symbols.Documents)
        {
            var name = Path.GetFileName(symbols.GetString(symbols.GetDocument(handle).Name).Replace('\\', '/'));
            if (!name.StartsWith(prefix, StringComparison.Ordinal) || !name.EndsWith(Ending, StringComparison.Ordinal)) continue;
            var artefact = name[prefix.Length..^Ending.Length];
            if (!artefact.Contains('.', StringComparison.Ordinal) && Text(symbols, handle) is { } text) yield return (artefact, text);
        }
    }

    private static string? Text(MetadataReader symbols, DocumentHandle document)
    {
        foreach (var handle in symbols.GetCustomDebugInformation(document))
        {
            var information = symbols.GetCustomDebugInformation(handle);
            if (symbols.GetGuid(information.Kind) == _embeddedSource) return Decode(symbols.GetBlobBytes(information.Value));
        }

        return null;
    }

    // Four bytes: 0 if the text follows as it is, else its length before it was deflated.
    private static string Decode(byte[] blob)
    {
        using var stored = new MemoryStream(blob, sizeof(int), blob.Length - sizeof(int));
        using Stream stream = BitConverter.ToInt32(blob) == 0 ? stored : new DeflateStream(stored, CompressionMode.Decompress);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
