using System.IO.Compression;
using System.Runtime.InteropServices;

namespace ArchGen.Vulkan.Modules;

/// <summary>The compiled shaders, as one compressed file within the assembly.</summary>
internal sealed class ShaderPack
{
    private const string Resource = "shaders.pack";

    private static readonly Lazy<ShaderPack> Embedded = new(() =>
    {
        using var stream = typeof(ShaderPack).Assembly.GetManifestResourceStream(Resource)!;
        return Read(stream);
    });

    private readonly Dictionary<string, byte[]> _compressed;

    private ShaderPack(Dictionary<string, byte[]> compressed) => _compressed = compressed;

    /// <summary>The shaders of this assembly.</summary>
    public static ShaderPack Current => Embedded.Value;

    /// <summary>Their names.</summary>
    public IEnumerable<string> Names => _compressed.Keys;

    /// <summary>The SPIR-V of a shader.</summary>
    /// <param name="name">Its name in <see cref="ShaderTable"/>.</param>
    public uint[] Words(string name)
    {
        if (!_compressed.TryGetValue(name, out var compressed))
            throw new InvalidOperationException($"There is no compiled shader {name}. Run eng/CompileShaders.");
        using var deflate = new DeflateStream(new MemoryStream(compressed), CompressionMode.Decompress);
        var bytes = new MemoryStream();
        deflate.CopyTo(bytes);
        return MemoryMarshal.Cast<byte, uint>(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)).ToArray();
    }

    /// <summary>Reads a pack.</summary>
    public static ShaderPack Read(Stream stream)
    {
        using var reader = new BinaryReader(stream);
        var modules = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        while (stream.Position < stream.Length)
        {
            var name = reader.ReadString();
            modules[name] = reader.ReadBytes(reader.ReadInt32());
        }

        return new ShaderPack(modules);
    }

    /// <summary>Writes a pack.</summary>
    public static void Write(Stream stream, IEnumerable<(string Name, byte[] Module)> modules)
    {
        using var writer = new BinaryWriter(stream);
        foreach (var (name, module) in modules)
        {
            var compressed = new MemoryStream();
            using (var deflate = new DeflateStream(compressed, CompressionLevel.SmallestSize, leaveOpen: true)) deflate.Write(module);
            writer.Write(name);
            writer.Write((int)compressed.Length);
            writer.Write(compressed.GetBuffer(), 0, (int)compressed.Length);
        }
    }
}
