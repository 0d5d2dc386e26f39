namespace ArchGen;

/// <summary>An error whose message is meant for the user: what was found, where, what was expected and what to do.</summary>
public sealed class ArchGenException(string message, Exception? inner = null) : Exception(message, inner);
