namespace ArchGen;

/// <summary>
/// An error whose message is meant for the user: what was found, where, what was expected and what to do. The derived classes say whose fault it is, so that a
/// server can answer with a status; what is none of them is an error of the program, or of what it writes to.
/// </summary>
/// <param name="message">The message.</param>
/// <param name="inner">The cause, or null.</param>
public class ArchGenException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// A file is missing, damaged, or not what it is taken for: a model, a checkpoint, an adapter, a vocabulary, recorded results. The same request will fail again
/// until somebody replaces the file; a server answers 500, or does not start.
/// </summary>
/// <param name="message">The message.</param>
/// <param name="inner">The cause, or null.</param>
public sealed class ModelFileException(string message, Exception? inner = null) : ArchGenException(message, inner);

/// <summary>
/// What was asked for cannot be: a token, position, sequence or option is out of range, or the model does not do this. A server answers 400.
/// </summary>
/// <param name="message">The message.</param>
/// <param name="inner">The cause, or null.</param>
public sealed class RequestException(string message, Exception? inner = null) : ArchGenException(message, inner);

/// <summary>
/// The tokens do not fit into the context, or into what the model was trained for. A shorter text fits; where other sequences hold the context's cells, the
/// same text may fit later. A server answers 400 where the text alone is too long, otherwise 503.
/// </summary>
/// <param name="message">The message.</param>
/// <param name="inner">The cause, or null.</param>
public sealed class ContextFullException(string message, Exception? inner = null) : ArchGenException(message, inner);

/// <summary>
/// The machine cannot do it: there is too little memory, it gives fewer threads, or a device fails. A server answers 503.
/// </summary>
/// <param name="message">The message.</param>
/// <param name="inner">The cause, or null.</param>
public sealed class DeviceException(string message, Exception? inner = null) : ArchGenException(message, inner);

/// <summary>
/// A graph breaks a rule that holds for every graph: <see cref="Graphs.GraphVerifier"/>, the reader of graph texts and planning refuse it. Nothing that a user
/// asks for leads to one; a server answers 500.
/// </summary>
/// <param name="message">The message.</param>
/// <param name="inner">The cause, or null.</param>
public sealed class GraphException(string message, Exception? inner = null) : ArchGenException(message, inner);
