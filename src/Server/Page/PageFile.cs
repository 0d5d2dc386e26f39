using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;

namespace ArchGen.Server.Page;

/// <summary>A file of the page, which is in the assembly: a text compressed twice, anything else as it is.</summary>
internal sealed class PageFile
{
    private const string Brotli = ".br", Gzip = ".gz";

    private readonly Dictionary<string, string> _resources = [];
    private readonly Lazy<string> _entityTag;

    private PageFile(string name)
    {
        Name = name;
        _entityTag = new(() => $"\"{Convert.ToHexStringLower(SHA256.HashData(Read("identity")))[..32]}\"");
    }

    /// <summary>Its path below the page, such as <c>index.html</c>.</summary>
    public string Name { get; }

    /// <summary>Whether its name changes with its contents, so that it can be kept for ever.</summary>
    public bool IsHashed => Name.StartsWith("page/", StringComparison.Ordinal) && Name.Contains('-');

    /// <summary>Names its contents.</summary>
    public string EntityTag => _entityTag.Value;

    /// <summary>Its media type.</summary>
    public string ContentType => Path.GetExtension(Name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".svg" => "image/svg+xml",
        ".txt" => "text/plain; charset=utf-8",
        ".woff2" => "font/woff2",
        ".webmanifest" => "application/manifest+json",
        var other => throw new InvalidOperationException($"{Name}: the page has no files that end in {other}."),
    };

    /// <summary>The content codings (RFC 9110, section 8.4.1) in which it is stored; none if it is stored as it is.</summary>
    public IEnumerable<string> Codings => _resources.Keys.Where(coding => coding != "identity");

    /// <summary>Its bytes in a coding.</summary>
    /// <param name="coding">One of <see cref="Codings"/>, or <c>identity</c>.</param>
    public byte[] Read(string coding)
    {
        if (_resources.TryGetValue(coding, out var resource)) return ReadResource(resource);
        using var unpacked = new MemoryStream();
        using (var packed = new GZipStream(new MemoryStream(Read("gzip")), CompressionMode.Decompress)) packed.CopyTo(unpacked);
        return unpacked.ToArray();
    }

    /// <summary>All files of the page by their names.</summary>
    public static Dictionary<string, PageFile> ReadAll()
    {
        const string Folder = "page-files/";
        var files = new Dictionary<string, PageFile>(StringComparer.Ordinal);
        foreach (var resource in Assembly.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal)))
        {
            var (name, coding) = resource[Folder.Length..] switch
            {
                var path when path.EndsWith(Brotli, StringComparison.Ordinal) => (path[..^Brotli.Length], "br"),
                var path when path.EndsWith(Gzip, StringComparison.Ordinal) => (path[..^Gzip.Length], "gzip"),
                var path => (path, "identity"),
            };
            if (!files.TryGetValue(name, out var file)) files.Add(name, file = new PageFile(name));
            file._resources.Add(coding, resource);
        }

        return files;
    }

    private static Assembly Assembly => typeof(PageFile).Assembly;

    private static byte[] ReadResource(string name)
    {
        using var stream = Assembly.GetManifestResourceStream(name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
