using System.Diagnostics;

namespace ArchGen.Samples.Router.Tests.Replicas;

/// <summary>A process of <c>archgen serve</c> with the built-in model.</summary>
internal sealed class ReplicaProcess : IAsyncDisposable
{
    private const string Listening = "listening on ";

    private readonly Process _process;

    private ReplicaProcess(Process process, Uri address)
    {
        (_process, Address) = (process, address);
        // What it writes must not block it.
        _ = Task.WhenAll(process.StandardError.BaseStream.CopyToAsync(Stream.Null), process.StandardOutput.BaseStream.CopyToAsync(Stream.Null));
    }

    public Uri Address { get; }

    /// <summary>Starts one on a free port.</summary>
    /// <param name="contextLength">Tokens of a conversation at most; the cache has four times as many.</param>
    public static async Task<ReplicaProcess> StartAsync(int contextLength)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "archgen.dll");
        string[] arguments = [program, "serve", "--port", "0", "--ctx-size", $"{contextLength}", "--threads", "1"];
        // All its streams are pipes of ours: whoever waits for the end of the tests' output must not wait for a replica.
        var process = Process.Start(new ProcessStartInfo("dotnet", arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        try
        {
            var read = "";
            while (await process.StandardError.ReadLineAsync() is { } line)
            {
                read += line + "\n";
                if (line.IndexOf(Listening, StringComparison.Ordinal) is not (>= 0 and var at)) continue;
                return new ReplicaProcess(process, new Uri(line[(at + Listening.Length)..].Trim()));
            }

            throw new InvalidOperationException($"archgen serve ended: {read}");
        }
        catch
        {
            process.Kill();
            throw;
        }
    }

    /// <summary>Ends it by a signal, and waits until it has ended if the signal cannot be handled.</summary>
    public async Task SignalAsync(string name)
    {
        using (var kill = Process.Start("kill", [$"-{name}", $"{_process.Id}"])) await kill.WaitForExitAsync();
        if (name == "KILL") await _process.WaitForExitAsync();
    }

    /// <summary>Waits until it has ended.</summary>
    public Task EndedAsync() => _process.WaitForExitAsync();

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
