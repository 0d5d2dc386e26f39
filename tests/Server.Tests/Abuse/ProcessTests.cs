using System.Diagnostics;
using System.Net;
using System.Text;
using ArchGen.Fixtures;

namespace ArchGen.Server.Tests.Abuse;

/// <summary>The command as a process: signals, and what a killed one leaves behind.</summary>
[Collection(nameof(LoadTests))]
public sealed class ProcessTests
{
    private const int Timeout = 120_000;
    private const string Long = """{"prompt": "Once upon a time", "n_predict": 400, "ignore_eos": true, "stream": true}""";

    [Theory(Timeout = Timeout)]
    [InlineData("-TERM")]
    [InlineData("-INT")]
    public async Task A_signal_lets_the_answer_end_and_the_process_ends_well(string signal)
    {
        if (OperatingSystem.IsWindows()) return;
        using var server = await StartAsync();
        using var response = await PostAsync(server.Address, Long);
        await using var stream = await response.Content.ReadAsStreamAsync();
        Assert.Equal(1, await stream.ReadAsync(new byte[1]));
        await KillAsync(server.Process, signal);
        var text = await new StreamReader(stream).ReadToEndAsync();
        Assert.Contains("\"stop\":true", text);
        await server.Process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, server.Process.ExitCode);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_second_signal_ends_it_at_once()
    {
        if (OperatingSystem.IsWindows()) return;
        // A request whose body does not end would keep the server for an hour.
        using var server = await StartAsync("--drain-timeout", "3600");
        using var client = new HttpClient();
        using var body = new SlowBody();
        var running = client.PostAsync(new Uri(server.Address, "/tokenize"), body);
        await body.Begun.Task;
        await KillAsync(server.Process, "-TERM");
        await Eventually.TrueAsync(async () => await StatusAsync(server.Address, "/health/ready") == HttpStatusCode.ServiceUnavailable);
        Assert.False(server.Process.HasExited);
        await KillAsync(server.Process, "-TERM");
        await server.Process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(143, server.Process.ExitCode);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => running);
    }

    [Fact(Timeout = Timeout)]
    public async Task One_that_is_killed_while_it_answers_starts_again_on_the_same_port()
    {
        if (OperatingSystem.IsWindows()) return;
        var server = await StartAsync();
        using (var response = await PostAsync(server.Address, Long))
        {
            await using var stream = await response.Content.ReadAsStreamAsync();
            Assert.Equal(1, await stream.ReadAsync(new byte[1]));
            await KillAsync(server.Process, "-KILL");
            await server.Process.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        server.Dispose();
        using var again = await StartAsync("--port", $"{server.Address.Port}");
        Assert.Equal(server.Address.Port, again.Address.Port);
        using var answer = await PostAsync(again.Address, """{"prompt": "Once", "n_predict": 1}""");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_model_that_cannot_be_opened_ends_it_with_a_message()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("bad.gguf"), "no model");
        using var process = Start(folder.File("bad.gguf"));
        var message = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(1, process.ExitCode);
        Assert.Contains("archgen: ", message);
        Assert.Contains("bad.gguf", message);
    }

    private static async Task<Running> StartAsync(params string[] arguments)
    {
        var process = Start(SharedFixtures.Local("models/stories260K.gguf"), arguments);
        const string Sign = "archgen: listening on ";
        while (await process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (!line.StartsWith(Sign, StringComparison.Ordinal)) continue;
            // Else it would wait when the pipe is full.
            _ = process.StandardError.ReadToEndAsync(CancellationToken.None);
            _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
            var server = new Running(process, new Uri(line[Sign.Length..]));
            await Eventually.TrueAsync(async () => await StatusAsync(server.Address, "/health") == HttpStatusCode.OK);
            return server;
        }

        throw new InvalidOperationException("The server did not start.");
    }

    private static Process Start(string model, params string[] arguments)
    {
        string[] port = arguments.Contains("--port") ? [] : ["--port", "0"];
        string[] all = [Path.Combine(AppContext.BaseDirectory, "archgen.dll"), "serve", model, .. port, .. arguments];
        var process = Process.Start(new ProcessStartInfo("dotnet", all) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        return process;
    }

    private static async Task KillAsync(Process process, string signal)
    {
        using var kill = Process.Start("kill", [signal, $"{process.Id}"]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<HttpResponseMessage> PostAsync(Uri address, string json)
    {
        var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, "/completion"))
        {
            Content = new StringContent(json, Encoding.UTF8, "application/json"),
        };
        return await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private static async Task<HttpStatusCode?> StatusAsync(Uri address, string path)
    {
        using var client = new HttpClient();
        try
        {
            using var response = await client.GetAsync(new Uri(address, path));
            return response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private sealed record Running(Process Process, Uri Address) : IDisposable
    {
        public void Dispose()
        {
            if (!Process.HasExited) Process.Kill();
            Process.Dispose();
        }
    }

    // A body whose end does not come.
    private sealed class SlowBody : HttpContent
    {
        public TaskCompletionSource Begun { get; } = new();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync("{\"content\": \""u8.ToArray());
            await stream.FlushAsync();
            Begun.TrySetResult();
            while (true)
            {
                // Fast enough not to be cut off as a slow sender.
                await stream.WriteAsync(new byte[1024].AsMemory());
                await stream.FlushAsync();
                await Task.Delay(20);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
