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
        var clock = Stopwatch.StartNew();
        using (var whole = Start(source, target)) whole.WaitForExit();
        var duration = clock.Elapsed;
        var bytes = File.ReadAllBytes(target);
        var killed = 0;
        for (var i = 0; i < Moments; i++)
        {
            File.Delete(target);
            if (i % 2 == 1) File.Copy(old, target);
            using var process = Start(source, target);
            // From the start of the writing on, which is near the end of so short a run.
            if (!process.WaitForExit(duration * (0.5 + (0.06 * i)))) killed++;
            process.Kill();
            process.WaitForExit();
            if (!File.Exists(target)) continue;
            var found = File.ReadAllBytes(target);
            Assert.True(found.AsSpan().SequenceEqual(bytes) || (i % 2 == 1 && found.AsSpan().SequenceEqual(File.ReadAllBytes(old))),
                $"moment {i}: {found.Length} bytes");
        }

        Assert.True(killed > 0, "no run was killed before its end");
    }

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
