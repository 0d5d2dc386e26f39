using System.Text.Encodings.Web;
using System.Text.Json;

namespace ArchGen.CommandLine.Texts;

/// <summary>A result with a value for each text: a JSON array of them, or JSON lines.</summary>
internal sealed class JsonRows : IDisposable
{
    private readonly Stream _stream;
    private readonly Utf8JsonWriter _json;
    private readonly bool _isLines;

    private JsonRows(Stream stream, bool isLines)
    {
        (_stream, _isLines) = (stream, isLines);
        _json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        if (!isLines) _json.WriteStartArray();
    }

    /// <summary>Writes a result.</summary>
    /// <param name="terminal">Has standard output.</param>
    /// <param name="path">The file; null and - are standard output.</param>
    /// <param name="isLines">Whether each value gets a line.</param>
    /// <param name="write">Adds the values.</param>
    public static void Write(Terminal terminal, string? path, bool isLines, Action<JsonRows> write)
    {
        terminal.Write(path, stream =>
        {
            using var rows = new JsonRows(stream, isLines);
            write(rows);
        });
        if (!isLines && path is null or Terminal.Standard) terminal.Out.WriteLine();
    }

    /// <summary>Adds a value.</summary>
    public void Add(Action<Utf8JsonWriter> write)
    {
        write(_json);
        if (!_isLines) return;
        _json.Flush();
        _stream.WriteByte((byte)'\n');
        _json.Reset();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_isLines) _json.WriteEndArray();
        _json.Dispose();
    }
}
