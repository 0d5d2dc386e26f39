using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using ArchGen.Cli;
using ArchGen.CommandLine;
using ArchGen.Fixtures;

namespace ArchGen.EndToEnd.Tests.Cli;

/// <summary><c>archgen bench-serve</c> against a server that answers at once: what it sends, counts and prints.</summary>
public sealed class BenchServeTests : IAsyncLifetime
{
    private const int FirstRequests = 3; // two that count the tokens of words, and the warm-up

    private readonly TemporaryFolder _folder = new();
    private FakeApi _api = null!;

    public async ValueTask InitializeAsync() => _api = await FakeApi.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public void Each_concurrency_has_its_figures()
    {
        var report = Json("--concurrency", "1,4", "--requests", "12", "--answer-tokens", "5", "--prompt-tokens", "107", "--seed", "3");
        Assert.Equal("first", (string?)report["model_id"]);
        var rows = report["rows"]!.AsArray();
        Assert.Equal([1, 4], rows.Select(row => (int)row!["max_concurrency"]!));
        foreach (var row in rows)
        {
            Assert.Equal((12, 0, false), ((int)row!["completed"]!, (int)row["failed"]!, (bool)row["interrupted"]!));
            // 50 words are 107 tokens.
            Assert.Equal((12 * 107, 12 * 3, 12 * 5), ((int)row["total_input_tokens"]!, (int)row["cached_input_tokens"]!, (int)row["total_output_tokens"]!));
            foreach (var name in (string[])["ttft", "tpot", "itl", "e2el"])
                Assert.True((double)row[$"mean_{name}_ms"]! >= 0 && (double)row[$"p99_{name}_ms"]! >= (double)row[$"median_{name}_ms"]!);
            Assert.True((double)row["mean_e2el_ms"]! >= (double)row["mean_ttft_ms"]! && (double)row["output_throughput"]! > 0);
        }

        Assert.Equal(FirstRequests + 24, _api.Requests.Count);
        Assert.InRange(_api.MostOpen, 1, 4);
        var prompts = _api.Requests.Select(FakeApi.Prompt).ToList();
        Assert.Equal(prompts.Count, prompts.Distinct().Count());
        Assert.All(_api.Requests.Skip(FirstRequests), request => Assert.Equal(50, FakeApi.Prompt(request).Split(' ').Length));
    }

    [Fact]
    public void As_many_are_open_as_there_should_be()
    {
        // The first four of the row wait for the fourth.
        var fourth = new TaskCompletionSource();
        _api.Wait = (number, _) =>
        {
            if (number == FirstRequests + 4) fourth.SetResult();
            return number > FirstRequests ? fourth.Task : Task.CompletedTask;
        };
        Json("--concurrency", "4", "--requests", "20");
        Assert.Equal(4, _api.MostOpen);
    }

    [Fact]
    public void A_request_has_what_was_asked_for_and_no_more()
    {
        Json("--requests", "1", "--answer-tokens", "5");
        string[] plain = ["model", "max_tokens", "stream", "stream_options", "messages"];
        Assert.Equal(plain, _api.Requests[^1].Select(field => field.Key));
        Assert.Equal("first", (string?)_api.Requests[^1]["model"]);

        Json("--requests", "1", "--endpoint", "completions", "--ignore-eos", "--temperature", "0", "--model", "second", "--api-key", "secret");
        var request = _api.Requests[^1];
        Assert.Equal(["model", "max_tokens", "stream", "stream_options", "prompt", "temperature", "ignore_eos"], request.Select(field => field.Key));
        Assert.Equal(("second", 64), ((string)request["model"]!, (int)request["max_tokens"]!));
        Assert.Equal((true, 0.0), ((bool)request["ignore_eos"]!, (double)request["temperature"]!));
        Assert.Equal(("/v1/completions", "Bearer secret"), (_api.Paths[^1], _api.Authorization));
    }

    [Fact]
    public void The_same_seed_gives_the_same_prompts()
    {
        string[] options = ["--requests", "3", "--seed", "5", "--prefix-share", "0.5", "--rate", "1000", "--burstiness", "0.5"];
        Json(options);
        var first = _api.Requests.Select(FakeApi.Prompt).ToList();
        _api.Requests.Clear();
        Json(options);
        Assert.Equal(first, _api.Requests.Select(FakeApi.Prompt));
        Assert.Single(first.Skip(FirstRequests).Select(prompt => string.Join(' ', prompt.Split(' ')[..126])).Distinct());
        _api.Requests.Clear();
        Json("--requests", "3", "--prefix-share", "0.5");
        Assert.NotEqual(first, _api.Requests.Select(FakeApi.Prompt));
    }

    [Fact]
    public void What_fails_is_counted_and_named()
    {
        _api.Refuses = number => number > FirstRequests && number % 3 == 0;
        var run = Run("--requests", "9");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("3 of 9 at 1 failed: 503: Too much to do.", run.Out, StringComparison.Ordinal);

        _api.Refuses = number => number > FirstRequests;
        _api.Requests.Clear();
        run = Run("--requests", "2");
        Assert.Equal((1, "archgen: No request was answered: 503: Too much to do.\n"), (run.ExitCode, run.Error));

        _api.Refuses = _ => true;
        run = Run("--requests", "2");
        Assert.Equal((1, ""), (run.ExitCode, run.Out));
        Assert.Contains("does not answer a first request: 503: Too much to do.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_usage_events_are_counted()
    {
        _api.StatesUsage = false;
        var run = Run("--requests", "2", "--answer-tokens", "5", "--prompt-tokens", "20", "--format", "json");
        Assert.StartsWith("archgen: the server does not state its usage", run.Error, StringComparison.Ordinal);
        Assert.Equal(10, (int)JsonNode.Parse(run.Out)!["rows"]![0]!["total_output_tokens"]!);
        Assert.Equal(20, FakeApi.Prompt(_api.Requests[^1]).Split(' ').Length);
    }

    [Fact]
    public void Figures_and_a_plot_are_written()
    {
        string figures = _folder.File("figures.md"), plot = _folder.File("plot.svg");
        var run = Run("--concurrency", "1,2", "--requests", "2", "--format", "md", "-o", figures, "--plot", plot);
        Assert.Equal((0, "", ""), (run.ExitCode, run.Out, run.Error));
        Assert.Contains("| time to first token ", File.ReadAllText(figures), StringComparison.Ordinal);
        var svg = XDocument.Load(plot).Root!;
        Assert.Equal("svg", svg.Name.LocalName);
        Assert.Equal(4, svg.Descendants().Count(element => element.Name.LocalName == "polyline"));
        Assert.Equal(8, svg.Descendants().Count(element => element.Name.LocalName == "circle"));
    }

    [Fact]
    public void Interrupted_it_prints_what_there_is_and_writes_no_file()
    {
        using var source = new CancellationTokenSource();
        _api.Wait = (number, aborted) =>
        {
            if (number != FirstRequests + 4) return Task.CompletedTask;
            source.Cancel();
            return Task.Delay(Timeout.Infinite, aborted);
        };
        var run = Archgen.Run(source.Token, "bench-serve", _api.Address, "--requests", "9", "-o", _folder.File("out"), "--plot", _folder.File("plot.svg"));
        Assert.Equal(130, run.ExitCode);
        Assert.Contains("Interrupted at 1: 3 of 9 requests ended.", run.Out, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Progress_is_shown_in_a_terminal()
    {
        using StringWriter output = new(), error = new();
        Assert.Equal(0, CommandTree.Run(["bench-serve", _api.Address, "--requests", "3"], new Terminal(output, error, IsInteractive: true), BuiltIn.Program));
        Assert.Contains("1 at the same time, requests 2/3", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("here", "'here' is no address of a server, expected one such as http://127.0.0.1:8080.")]
    [InlineData("ftp://here", "'ftp://here' is no address of a server")]
    [InlineData("http://127.0.0.1:9", "Nothing answers at http://127.0.0.1:9/: ")]
    public void An_address_without_a_server_is_an_error_in_words(string address, string message)
    {
        var run = Archgen.Run("bench-serve", address);
        Assert.Equal((1, ""), (run.ExitCode, run.Out));
        Assert.StartsWith($"archgen: {message}", run.Error, StringComparison.Ordinal);
    }

    private Archgen Run(params string[] options) => Archgen.Run(["bench-serve", _api.Address, .. options]);

    private JsonNode Json(params string[] options)
    {
        var run = Run([.. options, "--format", "json"]);
        Assert.True(run.ExitCode == 0, run.Error);
        using var document = JsonDocument.Parse(run.Out);
        return JsonNode.Parse(run.Out)!;
    }
}
