namespace ArchGen.Testing;

/// <summary>
/// A check found a difference. Every framework of tests shows it as a failure, with its message: the author of the architecture corrects it at the node that is
/// named, or accepts the snapshot.
/// </summary>
/// <param name="message">The message: what differs, where, and what to do.</param>
/// <param name="inner">The cause, or null.</param>
public sealed class CheckFailedException(string message, Exception? inner = null) : Exception(message, inner), IAssertionException;

/// <summary>xUnit.net tells failures from errors by an interface of this name, in whatever namespace.</summary>
internal interface IAssertionException;
