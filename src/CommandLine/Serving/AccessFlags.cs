using System.CommandLine;
using ArchGen.CommandLine.Options;
using ArchGen.Gguf.Files;
using ArchGen.Server;

namespace ArchGen.CommandLine.Serving;

/// <summary>The options of who may send requests, and how many.</summary>
internal sealed class AccessFlags
{
    private readonly Option<string[]> _keys = new("--api-key")
    {
        Description = "A key of which requests must have one, or several with commas between them. Others on this machine can read it: prefer --api-key-file.",
        HelpName = "KEY",
    };

    private readonly Option<string?> _keyFile = new("--api-key-file")
    {
        Description = "A file with keys, one a line; lines that begin with # are comments.", HelpName = "FILE",
    };

    private readonly Option<string?> _origins = new("--cors-origins")
    {
        Description = "Origins whose pages may call the server from a browser, with commas between them; * for all, localhost for those of this machine, "
            + "which is the default.",
        HelpName = "ORIGIN,...",
    };

    private readonly Option<string?> _hosts = new("--allowed-hosts")
    {
        Description = "Names by which the server may be called, with commas between them, beside addresses and localhost.", HelpName = "NAME,...",
    };

    private readonly Option<int> _perKey = Limit(
        "--max-requests-per-key", "Requests of one key, or address, that are answered at the same time; 0 for any number.");
    private readonly Option<int> _perMinute = Limit(
        "--max-requests-per-minute", "Requests of one key, or address, in a minute; 0 for any number.");

    /// <summary>The options.</summary>
    public IEnumerable<Symbol> All => [_keys, _keyFile, _origins, _hosts, _perKey, _perMinute];

    /// <summary>Sets the options.</summary>
    /// <exception cref="RequestException">A key is empty, or the file has none.</exception>
    /// <exception cref="ModelFileException">The file cannot be read.</exception>
    public void Apply(ParseResult parsed, ServerOptions options)
    {
        foreach (var key in (parsed.GetValue(_keys) ?? []).SelectMany(keys => keys.Split(','))) options.ApiKeys.Add(key);
        if (parsed.GetValue(_keyFile) is { } file) AddKeys(file, options);
        foreach (var origin in Split(parsed.GetValue(_origins)).Where(origin => origin != "localhost")) options.CorsOrigins.Add(origin);
        foreach (var host in Split(parsed.GetValue(_hosts))) options.AllowedHosts.Add(host);
        options.MaxRequestsPerKey = parsed.GetValue(_perKey);
        options.MaxRequestsPerMinute = parsed.GetValue(_perMinute);
    }

    private static void AddKeys(string path, ServerOptions options)
    {
        var before = options.ApiKeys.Count;
        var lines = InputFile.ReadAllText(path, "API keys").Split('\n').Select(line => line.Trim());
        foreach (var key in lines.Where(line => line.Length > 0 && line[0] != '#')) options.ApiKeys.Add(key);
        if (options.ApiKeys.Count == before) throw new RequestException($"{path} has no API key. Write one a line, or leave the option out.");
    }

    private static string[] Split(string? list) => (list ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    private static Option<int> Limit(string name, string description) => new Option<int>(name) { Description = description }.Within(0, int.MaxValue);
}
