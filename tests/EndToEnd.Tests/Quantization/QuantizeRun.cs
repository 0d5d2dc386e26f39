using System.Runtime.InteropServices;
using ArchGen.EndToEnd.Tests.Cli;
using ArchGen.Fixtures;
using ArchGen.Formats;
using ArchGen.Gguf;

namespace ArchGen.EndToEnd.Tests.Quantization;

/// <summary>Files to quantize, and runs that must refuse to.</summary>
internal static class QuantizeRun
{
    /// <summary>Runs the command, which must refuse with one message that has a text in it.</summary>
    public static void Refused(string message, params string[] arguments)
    {
        var run = Archgen.Run(arguments);
        Assert.Equal((1, ""), (run.ExitCode, run.Out));
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => line.StartsWith("archgen: ", StringComparison.Ordinal));
    }

    /// <summary>A file with one tensor of 64 columns and 8 rows.</summary>
    public static string Write(TemporaryFolder folder, string architecture, float[] values) =>
        Write(folder, architecture, ("blk.0.attn_v.weight", [64, 8]), values);

    /// <summary>A file with one tensor.</summary>
    public static string Write(TemporaryFolder folder, string architecture, (string Name, long[] Dimensions) tensor, float[] values) =>
        Save(folder, architecture, (tensor.Name, tensor.Dimensions, MemoryMarshal.AsBytes<float>(values).ToArray()));

    /// <summary>A file with tensors of zeros.</summary>
    public static string Write(TemporaryFolder folder, string architecture, params (string Name, long[] Dimensions)[] tensors) =>
        Save(folder, architecture, [.. tensors.Select(t => (t.Name, t.Dimensions, new byte[4 * t.Dimensions.Aggregate((a, b) => a * b)]))]);

    private static string Save(TemporaryFolder folder, string architecture, params (string Name, long[] Dimensions, byte[] Data)[] tensors)
    {
        var path = folder.File(architecture + ".gguf");
        var writer = new GgufWriter(new GgufMetadata(path) { ["general.architecture"] = GgufValue.From(architecture) });
        foreach (var (name, dimensions, data) in tensors) writer.Add(name, TensorType.F32, dimensions, data);
        writer.Save(path);
        return path;
    }
}
