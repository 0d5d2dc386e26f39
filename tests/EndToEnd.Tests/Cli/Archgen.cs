using System.Runtime.InteropServices;
using System.Text;
using ArchGen.CommandLine;

namespace ArchGen.EndToEnd.Tests.Cli;

/// <summary>Runs the command in this process.</summary>
/// <param name="ExitCode">What it returned.</param>
/// <param name="Out">Its result.</param>
/// <param name="Error">Its messages.</param>
internal sealed record Archgen(int ExitCode, string Out, string Error)
{
    public static Archgen Run(params string[] arguments) => Run(null, CancellationToken.None, arguments);

    /// <summary>Runs the command until it ends or is cancelled.</summary>
    public static Archgen Run(CancellationToken cancellation, params string[] arguments) => Run(null, cancellation, arguments);

    /// <summary>Runs it with a text on standard input.</summary>
    public static Archgen RunWithInput(string input, params string[] arguments) => Run(input, CancellationToken.None, arguments);

    /// <summary>Runs it with lines that come as from a keyboard, not from a file or a pipe.</summary>
    public static Archgen RunWithLines(string lines, params string[] arguments) => Run(lines, CancellationToken.None, arguments, isInputGiven: false);

    private static Archgen Run(string? input, CancellationToken cancellation, string[] arguments, bool? isInputGiven = null)
    {
        StringBuilder output = new(), error = new();
        using StringWriter outWriter = new(output), errorWriter = new(error);
        using var reader = new StringReader(input ?? "");
        var terminal = new Terminal(outWriter, errorWriter, IsInteractive: false) { In = reader, IsInputGiven = isInputGiven ?? input is not null };
        var exit = CommandTree.Run(arguments, terminal, TestProgram.Program, cancellation);
        return new Archgen(exit, output.ToString().ReplaceLineEndings("\n"), error.ToString().ReplaceLineEndings("\n"));
    }

    /// <summary>Runs it and returns the bytes on standard output.</summary>
    public static byte[] Bytes(params string[] arguments)
    {
        using var output = new MemoryStream();
        using StringWriter writer = new(), error = new();
        var exit = CommandTree.Run(arguments, new Terminal(writer, error, IsInteractive: false) { OutBytes = output }, TestProgram.Program);
        Assert.True(exit == 0 && writer.ToString().Length == 0, $"{error}{writer}");
        return output.ToArray();
    }

    /// <summary>Runs <c>logits</c> and returns what it wrote.</summary>
    public static float[] Logits(string folder, string model, int[] tokens, params string[] more)
    {
        var output = Path.Combine(folder, "logits.f32");
        var run = Run(["logits", model, "--tokens", string.Join(',', tokens), "--output", output, .. more]);
        Assert.True(run.ExitCode == 0, run.Error);
        return MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(output).AsSpan()).ToArray();
    }
}
