using System.Text;
using ArchGen.Gguf.Files;

namespace ArchGen.CommandLine;

/// <summary>The input and output of a command: standard input, the result, and messages.</summary>
/// <param name="Out">The result.</param>
/// <param name="Error">Progress, figures and messages.</param>
/// <param name="IsInteractive">Whether <paramref name="Error"/> is a terminal.</param>
internal sealed record Terminal(TextWriter Out, TextWriter Error, bool IsInteractive)
{
    /// <summary>The name of standard input and output where a file is expected.</summary>
    public const string Standard = "-";

    /// <summary>Standard input.</summary>
    public TextReader In { get; init; } = TextReader.Null;

    /// <summary>Whether standard input is a file or a pipe, not a keyboard.</summary>
    public bool IsInputGiven { get; init; }

    /// <summary>Whether <see cref="Out"/> is a terminal that shows escape sequences: not a dumb one, nor one without colours (no-color.org).</summary>
    public bool IsStyled { get; init; }

    /// <summary>The name that the program is called by: a program of one's own has another.</summary>
    public string ProgramName { get; init; } = OwnName.Usual;

    /// <summary>The byte stream of <see cref="Out"/>; null if it takes only characters.</summary>
    public Stream? OutBytes { get; init; }

    /// <summary>The process's own streams, UTF-8.</summary>
    public static Terminal Process()
    {
        var (encoding, bytes) = (new UTF8Encoding(false), new WatchedOutput(Console.OpenStandardOutput()));
        var output = new StreamWriter(bytes, encoding) { AutoFlush = true };
        return new Terminal(output, Console.Error, !Console.IsErrorRedirected)
        {
            In = new StreamReader(Console.OpenStandardInput(), encoding),
            IsInputGiven = Console.IsInputRedirected,
            OutBytes = bytes,
            IsStyled = !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("NO_COLOR") is null or ""
                && Environment.GetEnvironmentVariable("TERM") != "dumb",
            ProgramName = RunningName(Environment.ProcessPath, Environment.GetCommandLineArgs()[0]),
        };
    }

    /// <summary>The name of a program: that of its file, or of the assembly that dotnet runs.</summary>
    internal static string RunningName(string? process, string assembly)
    {
        var name = Name(process ?? assembly);
        return name == "dotnet" ? Name(assembly) : name;

        static string Name(string path) =>
            Path.GetExtension(path).ToUpperInvariant() is ".EXE" or ".DLL" ? Path.GetFileNameWithoutExtension(path) : Path.GetFileName(path);
    }

    /// <summary>Writes a message to <see cref="Error"/>, as that of this program.</summary>
    public void Note(string message) => Error.WriteLine($"{ProgramName}: {OwnName.In(message, ProgramName)}");

    /// <summary>The text of a file, or for - of standard input.</summary>
    /// <exception cref="ArchGenException">The file cannot be read.</exception>
    public string ReadText(string path, string expected) => path == Standard ? In.ReadToEnd() : InputFile.ReadAllText(path, expected);

    /// <summary>The bytes of a file, or for - of standard input.</summary>
    /// <exception cref="ArchGenException">The file cannot be read.</exception>
    public byte[] ReadBytes(string path, string expected) => path == Standard ? Encoding.UTF8.GetBytes(In.ReadToEnd()) : InputFile.ReadAllBytes(path, expected);

    /// <summary>Writes a result: a file, or standard output if its name is - or null.</summary>
    /// <exception cref="ArchGenException">The file cannot be written.</exception>
    public void Write(string? path, Action<Stream> write)
    {
        if (path is not (null or Standard))
        {
            OutputFile.Write(path, write);
        }
        else if (OutBytes is not null)
        {
            write(OutBytes);
            OutBytes.Flush();
        }
        else
        {
            using var bytes = new MemoryStream();
            write(bytes);
            Out.Write(Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length));
        }
    }

    /// <summary>Shows the progress of long work, on one line that is overwritten; nothing if standard error is not a terminal.</summary>
    public void Progress(string what, int done, int total)
    {
        if (!IsInteractive) return;
        Error.Write($"\r{what} {done}/{total} ");
        if (done >= total) Error.Write("\r\u001b[K");
    }
}
