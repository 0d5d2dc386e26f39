using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using ArchGen.CommandLine.Options;
using ArchGen.CommandLine.Serving;

namespace ArchGen.CommandLine.Commands;

/// <summary><c>archgen bench-serve</c>: measures a server with OpenAI's API under load.</summary>
internal sealed class BenchServeCommand(Terminal terminal)
{
    private const int MaxTokens = 1 << 24, MaxRequests = 1_000_000, MaxConcurrency = 4096;
    private const string KeyVariable = "OPENAI_API_KEY";

    private readonly Argument<string> _url = new("URL") { Description = "The server's address, such as http://127.0.0.1:8080; with or without /v1." };

    private readonly Option<int[]> _concurrency = new Option<int[]>("--concurrency", "--max-concurrency")
    {
        Description = "Requests that are open at the same time: 1,4,8 for three rows.", DefaultValueFactory = _ => [1],
    }.EachWithin(1, MaxConcurrency);

    private readonly Option<double?> _rate = new Option<double?>("--rate", "--request-rate")
    {
        Description = "Requests per second that begin, at random times, as long as fewer than --concurrency are open. Default: one begins when another ends.",
    }.Within(0.001, 1e6);

    private readonly Option<double?> _burstiness = new Option<double?>("--burstiness")
    {
        Description = "With --rate: 1 for a Poisson process; less for bursts, more for even times (gamma distribution).", DefaultValueFactory = _ => 1,
    }.Within(0.01, 1000.0);

    private readonly Option<int?> _requests = new Option<int?>("--requests", "--num-prompts")
    {
        Description = "Requests of each row. Default: 8 for each that is open at the same time.",
    }.Within(1, MaxRequests);

    private readonly Option<int> _prompt = new Option<int>("--prompt-tokens", "--random-input-len")
    {
        Description = "Tokens of each prompt, about: two short requests show how many the server makes of a word.", DefaultValueFactory = _ => 512,
    }.Within(1, MaxTokens);

    private readonly Option<int> _answer = new Option<int>("--answer-tokens", "--random-output-len")
    {
        Description = "Tokens of each answer at most.", DefaultValueFactory = _ => 64,
    }.Within(1, MaxTokens);

    private readonly Option<double?> _share = new Option<double?>("--prefix-share")
    {
        Description = "The share of its words that each prompt has in common with the others, at its beginning: 0 to 1.", DefaultValueFactory = _ => 0,
    }.Within(0.0, 1.0);

    private readonly Option<string?> _model = new("--model")
    {
        Description = "The model to request. Default: the first that the server lists.", HelpName = "NAME",
    };

    private readonly Option<string?> _key = new("--api-key")
    {
        Description = $"The server's key. Default: {KeyVariable} of the environment.", HelpName = "KEY",
    };

    private readonly Option<string> _endpoint = new Option<string>("--endpoint")
    {
        Description = "Whether prompts are messages (/v1/chat/completions) or plain texts (/v1/completions).", DefaultValueFactory = _ => "chat",
    }.OneOf("chat", "completions");

    private readonly Option<int?> _seed = new Option<int?>("--seed", "-s")
    {
        Description = "Seed of words and times. The same seed gives the same prompts, which a server may have in its cache. Default: another one each time.",
    }.Within(0, int.MaxValue);

    private readonly Option<int> _warmup = new Option<int>("--warmup", "--num-warmups")
    {
        Description = "Requests that are sent first and not measured.", DefaultValueFactory = _ => 1,
    }.Within(0, MaxRequests);

    private readonly Option<bool> _ignoreEos = new("--ignore-eos") { Description = "Ask for all tokens of an answer (ignore_eos of llama.cpp and vLLM)." };

    private readonly Option<double?> _temperature = new Option<double?>("--temperature") { Description = "Default: the server's own." }.Within(0.0, 100.0);

    private readonly Option<int> _timeout = new Option<int>("--timeout")
    {
        Description = "Seconds after which a request has failed.", DefaultValueFactory = _ => 600,
    }.Within(1, 86_400);

    private readonly Option<string> _format = new Option<string>("--format")
    {
        Description = "The form of the figures.", DefaultValueFactory = _ => "text",
    }.OneOf("text", "json", "md");

    private readonly Option<string?> _plot = new("--plot") { Description = "Also draw time to first token and tokens per second.", HelpName = "SVG" };
    private readonly Option<string?> _output = OutputOption.Create("The file for the figures. Default: standard output.");

    public static Command Create(Terminal terminal)
    {
        var bench = new BenchServeCommand(terminal);
        var command = new ExampleCommand(
            "bench-serve",
            "Sends requests to a server with OpenAI's API and measures time to first token, time per token and throughput. Ctrl-C prints what there is.",
            "bench-serve http://127.0.0.1:8080 --concurrency 1,4,8",
            "bench-serve http://127.0.0.1:8080 --rate 2 --concurrency 64 --requests 200 --prompt-tokens 1000 --prefix-share 0.5",
            "bench-serve http://127.0.0.1:8080 --concurrency 1,2,4,8 --ignore-eos --format json -o load.json --plot load.svg")
        {
            bench._url, bench._concurrency, bench._rate, bench._burstiness, bench._requests, bench._prompt, bench._answer, bench._share, bench._model,
            bench._key, bench._endpoint, bench._seed, bench._warmup, bench._ignoreEos, bench._temperature, bench._timeout, bench._format, bench._plot,
            bench._output,
        };
        command.SetAction(bench.Execute);
        return command;
    }

    private async Task<int> Execute(ParseResult parsed, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var options = Options(parsed);
        using var client = new LoadClient(options);
        var model = options.Model ?? await client.FirstModelAsync(cancellation);
        var runner = new LoadRunner(client, options, model);
        if (!await runner.WarmUpAsync(cancellation))
            terminal.Note("the server does not state its usage: a word counts as a token, and so does an event of an answer.");
        List<LoadRow> rows = [];
        foreach (var concurrency in parsed.GetValue(_concurrency)!)
        {
            var planned = options.RequestsOf(concurrency);
            var row = await runner.RunAsync(
                concurrency, done => terminal.Progress($"{concurrency} at the same time, requests", done, planned), cancellation);
            if (row.Results.Count > 0) rows.Add(row);
            if (cancellation.IsCancellationRequested) break;
        }

        var report = new LoadReport(options, model, rows);
        if (cancellation.IsCancellationRequested)
        {
            // Files are whole or not there; what was measured is shown.
            if (rows.Count > 0) report.Print(terminal.Out, parsed.GetValue(_output) is null ? parsed.GetValue(_format)! : "text");
            throw new OperationCanceledException(cancellation);
        }

        terminal.Write(parsed.GetValue(_output), stream =>
        {
            using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true);
            report.Print(writer, parsed.GetValue(_format)!);
        });
        if (parsed.GetValue(_plot) is { } plot) terminal.Write(plot, stream => SvgChart.Write(stream, report.Caption(), report.Charts()));
        if (rows.TrueForAll(row => row.Completed > 0)) return 0;
        throw new RequestException($"No request was answered: {rows.First(row => row.Completed == 0).Errors.First().Error}");
    }

    private LoadOptions Options(ParseResult parsed)
    {
        var text = parsed.GetValue(_url)!;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.Host.Length == 0)
            throw new RequestException($"'{text}' is no address of a server, expected one such as http://127.0.0.1:8080.");
        return new LoadOptions
        {
            Server = url,
            Model = parsed.GetValue(_model),
            ApiKey = parsed.GetValue(_key) ?? Environment.GetEnvironmentVariable(KeyVariable),
            IsChat = parsed.GetValue(_endpoint) == "chat",
            PromptTokens = parsed.GetValue(_prompt),
            AnswerTokens = parsed.GetValue(_answer),
            PrefixShare = parsed.GetValue(_share) ?? 0,
            Requests = parsed.GetValue(_requests),
            Rate = parsed.GetValue(_rate),
            Burstiness = parsed.GetValue(_burstiness) ?? 1,
            // Drawn, so that a second run does not find the prompts of the first in the server's cache.
            Seed = parsed.GetValue(_seed) ?? RandomNumberGenerator.GetInt32(int.MaxValue),
            Warmup = parsed.GetValue(_warmup),
            IgnoresEnd = parsed.GetValue(_ignoreEos),
            Temperature = parsed.GetValue(_temperature),
            Timeout = TimeSpan.FromSeconds(parsed.GetValue(_timeout)),
        };
    }
}
