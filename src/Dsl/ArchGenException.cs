namespace ArchGen;

/// <summary>
/// An error whose message is meant for the user: what was found, where, what was expected and what to do. The derived classes state the cause, so that a
/// server can answer with a status; any other error is one of the program or of an output. A caller catches this class to show a message.
/// </summary>
/// <param name="message">The message.</param>
/// <param name="inner">The cause, or null.</param>
public class ArchGenException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// A file is missing, damaged, or of another kind: a model, a checkpoint, an adapter, a vocabulary, recorded results. The same request will fail again
/// until the file is replaced; a server answers 500, or does not start.
/// </summary>
/// <param name="message">The message.</param>
/// <param name="inner">The cause, or null.</param>
public sealed class ModelFileException(string message, Exception? inner = null) : ArchGenException(message, inner);

/// <summary>
/// The request is invalid: a token, position, sequence or option is out of range, or the model does not support it. The caller corrects the value that the
/// message names. A server answers 400.
/// </summary>
/// <param name="message">The message.</param>
/// <param name="inner">The cause, or null.</param>
public sealed class RequestException(string message, Exception? inner = null) : ArchGenException(message, inner);

/// <summary>
/// The tokens do not fit into the context, or into the context length of training. A shorter text fits; if other sequences have the context's cells, the
/// same text may fit later. A server answers 400 if the text alone is too long, otherwise 503.
/// </summary>
/// <param name="message">The message.</param>
/// <param name="inner">The cause, or null.</param>
public sealed class ContextFullException(string message, Exception? inner = null) : ArchGenException(message, inner)
{
    /// <summary>The number of tokens of the text; null if it is not the text that is too long.</summary>
    public int? Tokens { get; init; }

    /// <summary>The number of tokens that fit; null if it is not the text that is too long.</summary>
    public int? Limit { get; init; }
}

/// <summary>
/// Too many requests wait already. The same request may succeed later; a server answers 429.
/// </summary>
/// <param name="message">The message.</param>
/// <param name="waiting">The number of requests that wait.</param>
public sealed class QueueFullException(string message, int waiting) : ArchGenException(message)
{
    /// <summary>The number of requests that wait.</summary>
    public int Waiting { get; } = waiting;
}

/// <summary>
/// The machine cannot execute the request: it has too little memory or too few threads, a device fails, or an engine is being shut down. The caller asks for
/// less, or of another device. A server answers 503.
/// </summary>
/// <param name="message">The message.</param>
/// <param name="inner">The cause, or null.</param>
public sealed class DeviceException(string message, Exception? inner = null) : ArchGenException(message, inner);

/// <summary>
/// A graph violates an invariant: <see cref="Graphs.GraphVerifier"/>, the parser of graph texts and planning refuse it. No request of a
/// user causes it; who builds or changes graphs corrects that. A server answers 500.
/// </summary>
/// <param name="message">The message.</param>
/// <param name="inner">The cause, or null.</param>
public sealed class GraphException(string message, Exception? inner = null) : ArchGenException(message, inner);
