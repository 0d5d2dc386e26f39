using System.Diagnostics;
using ArchGen.Fixtures;
using ArchGen.Formats;
using ArchGen.Gguf;

namespace ArchGen.EndToEnd.Tests.Quantization;

/// <summary>A quantization that is killed leaves no file of the target's name, or the old one whole.</summary>
public sealed class KilledTests : IDisposable
{
    private const int Moments = 10;
    private const long Columns = 4096, Rows = 6144;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Killed_at_ten_moments_it_leaves_nothing_or_the_old_file()
    {
        var source = Source();
        string target = _folder.File("out.gguf"), old = _folder.File("old");
        File.WriteAllText(old, "the old file");
        using (var whole = Start(source, target)) whole.WaitForExit();
        var bytes = File.ReadAllBytes(target);
        var killed = 0;
        for (var i = 0; i < Moments; i++)
        {
            File.Delete(target);
            if (i % 2 == 1) File.Copy(old, target);
            using var process = Start(source, target);
            // Once so many tenths are written; the first moment is that of the file's birth.
            while (Written() < i * bytes.LongLength / Moments && !process.WaitForExit(1)) continue;
            if (!process.HasExited) killed++;
            process.Kill();
            process.WaitForExit();
            foreach (var rest in Pending()) rest.Delete();
            if (!File.Exists(target)) continue;
            var found = File.ReadAllBytes(target);
            Assert.True(found.AsSpan().SequenceEqual(bytes) || (i % 2 == 1 && found.AsSpan().SequenceEqual(File.ReadAllBytes(old))),
                $"moment {i}: {found.Length} bytes");
        }

        Assert.True(killed > 0, "no run was killed before its end");
    }

    /// <summary>The bytes written so far; -1 while there is no file.</summary>
    private long Written()
    {
        try
        {
            return Pending() is [var pending] ? pending.Length : -1;
        }
        catch (FileNotFoundException)
        {
            // It has just got its name.
            return long.MaxValue;
        }
    }

    private FileInfo[] Pending() => new DirectoryInfo(_folder.Path).GetFiles("out.gguf.*.tmp");

    private string Source()
    {
        var path = _folder.File("source.gguf");
        var writer = new GgufWriter(new GgufMetadata(path) { ["general.architecture"] = GgufValue.From("llama") });
        var row = new byte[Columns * 2];
        new Random(1).NextBytes(row);
        // The sign and all but the highest bits of the exponent: finite, and no larger than 2.
        for (var i = 1; i < row.Length; i += 2) row[i] &= 0xBF;
        writer.Add("blk.0.attn_v.weight", TensorType.F16, [Columns, Rows], stream =>
        {
            for (var i = 0; i < Rows; i++) stream.Write(row);
        });
        writer.Save(path);
        return path;
    }

    private static Process Start(string source, string target) => Process.Start(new ProcessStartInfo(
        "dotnet", [Path.Combine(AppContext.BaseDirectory, "archgen.dll"), "quantize", source, target, "Q8_0", "-t", "1"])
    {
        RedirectStandardError = true,
        RedirectStandardOutput = true,
    })!;
}
