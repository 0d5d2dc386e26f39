using System.Security.Cryptography;

namespace ArchGen.Server.Http;

/// <summary>Names of answers and their parts.</summary>
internal static class Identifier
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    private const int Length = 24;

    /// <summary>A name that no other has, such as <c>msg_0aZ…</c>.</summary>
    /// <param name="prefix">Its beginning, by which clients know what it names.</param>
    public static string New(string prefix) => prefix + RandomNumberGenerator.GetString(Letters, Length);
}
