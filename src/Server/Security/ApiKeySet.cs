using System.Security.Cryptography;
using System.Text;

namespace ArchGen.Server.Security;

/// <summary>The keys that requests may have. Only their SHA-256 is kept. Safe for concurrent use once all are added.</summary>
public sealed class ApiKeySet
{
    private readonly List<byte[]> _hashes = [];

    /// <summary>The number of keys; with 0, requests need none.</summary>
    public int Count => _hashes.Count;

    /// <summary>Adds a key.</summary>
    /// <exception cref="RequestException">It is empty.</exception>
    public void Add(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        key = key.Trim();
        if (key.Length == 0) throw new RequestException("An API key is empty. Give one that nobody can guess, such as the output of: openssl rand -hex 32");
        _hashes.Add(Hash(key));
    }

    /// <summary>Adds the keys of a text file, one a line.</summary>
    /// <exception cref="RequestException">The file cannot be read, or has no key: without one, anyone could send requests.</exception>
    public void AddFile(string path)
    {
        var before = Count;
        try
        {
            foreach (var line in File.ReadLines(path))
            {
                if (!string.IsNullOrWhiteSpace(line)) Add(line);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new RequestException($"The file of API keys cannot be read: {error.Message}", error);
        }

        if (Count == before) throw new RequestException($"{path} has no API key. Write one a line, or leave the option out.");
    }

    /// <summary>The number of a key, from 0; -1 if it is none of these. Takes the same time for each.</summary>
    /// <param name="key">The key of a request; null if it has none.</param>
    public int Find(string? key)
    {
        var hash = Hash(key ?? "");
        var found = -1;
        for (var i = 0; i < _hashes.Count; i++)
        {
            if (CryptographicOperations.FixedTimeEquals(hash, _hashes[i])) found = i;
        }

        return found;
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
