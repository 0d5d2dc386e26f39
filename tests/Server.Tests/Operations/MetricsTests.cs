using System.Diagnostics.Metrics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using ArchGen.Extensions.AI;
using ArchGen.Runtime.Generation;
using ArchGen.Runtime.Scheduling;
using ArchGen.Server.Operations;
using Microsoft.Extensions.Time.Testing;

namespace ArchGen.Server.Tests.Operations;

/// <summary>What Prometheus reads.</summary>
public sealed partial class MetricsTests
{
    private const int Timeout = 60_000;

    [Fact(Timeout = Timeout)]
    public async Task Answers_and_requests_are_counted()
    {
        var endpoint = new GeneratingEndpoint();
        await using var server = await TestServer.StartAsync(map: endpoint.Map);
        for (var i = 0; i < 3; i++) await server.PostAsync(GeneratingEndpoint.Path, """{"tokens": 5}""");
        await server.PostAsync("/tokenize", "{");
        var samples = new Dictionary<string, double>();
        // A request is counted when it has ended, which its client may know before.
        await Eventually.TrueAsync(async () =>
        {
            using var response = await server.Client.GetAsync("/metrics");
            Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType!.ToString());
            samples = Read(await response.Content.ReadAsStringAsync());
            return samples.Keys.Any(name => name.Contains("http_route=\"/tokenize\",http_response_status_code=\"400\"", StringComparison.Ordinal));
        });

        Assert.Equal(15, samples["llamacpp:tokens_predicted_total"]);
        Assert.Equal(12, samples["llamacpp:prompt_tokens_total"] + samples["llamacpp:prompt_cached_tokens_total"]);
        Assert.True(samples["llamacpp:prompt_cached_tokens_total"] > 0);
        Assert.Equal(9, samples["llamacpp:n_tokens_max"]);
        Assert.True(samples["llamacpp:n_decode_total"] >= 13);
        Assert.Equal(0, samples["llamacpp:requests_processing"]);
        const string Label = "{gen_ai_request_model=\"stories260K\"}";
        Assert.Equal(3, samples["gen_ai_server_request_duration_seconds_count" + Label]);
        Assert.Equal(3, samples["gen_ai_server_time_to_first_token_seconds_count" + Label]);
        Assert.Equal(3, samples["gen_ai_server_time_per_output_token_seconds_count" + Label]);
        Assert.Equal(3, samples["gen_ai_server_time_per_output_token_seconds_bucket{gen_ai_request_model=\"stories260K\",le=\"+Inf\"}"]);
        const string Route = "http_route=\"/test/generate\",http_response_status_code=\"200\"}";
        Assert.Equal(3, samples["http_server_request_duration_seconds_count{http_request_method=\"POST\"," + Route]);
        foreach (var name in Peer) Assert.Contains($"llamacpp:{name}", samples.Keys);
    }

    [Fact(Timeout = Timeout)]
    public async Task The_meter_has_the_same_for_exporters()
    {
        var measured = new List<string>();
        using var meters = new MeterListener();
        meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == ArchGenTelemetry.SourceName) listener.EnableMeasurementEvents(instrument);
        };
        meters.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Add(instrument, tags));
        meters.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Add(instrument, tags));
        meters.Start();
        var endpoint = new GeneratingEndpoint();
        await using var server = await TestServer.StartAsync(options => options.Models[0].Model.ModelId = "metered", endpoint.Map);
        await server.PostAsync(GeneratingEndpoint.Path, """{"tokens": 5}""");
        string[] expected =
        [
            "gen_ai.client.token.usage", "gen_ai.client.token.usage", "gen_ai.server.request.duration", "gen_ai.server.time_per_output_token",
            "gen_ai.server.time_to_first_token",
        ];
        lock (measured) Assert.Equal(expected, measured.Order(StringComparer.Ordinal));

        void Add(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            foreach (var (key, value) in tags)
            {
                if (key != "gen_ai.request.model" || value is not "metered") continue;
                lock (measured) measured.Add(instrument.Name);
            }
        }
    }

    [Fact(Timeout = Timeout)]
    public async Task An_answer_that_a_stop_text_ends_is_counted_too()
    {
        await using var server = await TestServer.StartAsync();
        await server.PostAsync("/v1/chat/completions", """
            {"messages": [{"role": "user", "content": "Once"}], "temperature": 0, "max_tokens": 40, "stop": ["e"]}
            """);
        using var response = await server.Client.GetAsync("/metrics");
        Assert.Contains("\ngen_ai_server_request_duration_seconds_count{gen_ai_request_model=\"stories260K\"} 1\n", await response.Content.ReadAsStringAsync());
    }

    [Fact(Timeout = Timeout)]
    public async Task They_can_be_switched_off()
    {
        await using var server = await TestServer.StartAsync(options => options.ServesMetrics = false);
        using var response = await server.Client.GetAsync("/metrics");
        Assert.Equal(HttpStatusCode.NotImplemented, response.StatusCode);
    }

    [Fact]
    public void Labels_are_escaped() =>
        Assert.Equal("x{a=\"q\\\"\\\\\\n\"} 1\n", new PrometheusText().Sample("x", 1, ("a", "q\"\\\n")).ToString());

    [Fact]
    public void A_histogram_counts_up_to_its_bounds()
    {
        var histogram = new Histogram([1, 2]);
        foreach (var value in (double[])[0.5, 1, 1.5, 7]) histogram.Observe(value);
        var (counts, sum) = histogram.Read();
        Assert.Equal([2, 3, 4], counts);
        Assert.Equal(10, sum);
    }

    [Fact]
    public void A_full_queue_has_room_again_when_its_tokens_are_computed_at_the_rate_of_late()
    {
        var clock = new FakeTimeProvider();
        var measured = new ModelMetrics(clock);
        Assert.Equal(1, RetryEstimate.Seconds(new EngineMetrics { QueuedAnswers = 5 }, measured));
        // 100 tokens a second: 60 of the prompt, 40 of the answer.
        for (var i = 0; i < 11; i++)
        {
            measured.Add(new GenerationEvent(0, 1, "", StopReason.TokenLimit, new GenerationUsage(80, 20, 40)));
            if (i < 10) clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(100, measured.TokensPerSecond, precision: 6);
        // 1,000 tokens of prompts wait, and 10 answers of 40 each.
        Assert.Equal(14, RetryEstimate.Seconds(new EngineMetrics { QueuedAnswers = 8, RunningAnswers = 2, QueuedTokens = 1000 }, measured));
        Assert.Equal(120, RetryEstimate.Seconds(new EngineMetrics { QueuedTokens = 1_000_000 }, measured));
        Assert.Equal(1, RetryEstimate.Seconds(new EngineMetrics(), measured));
    }

    // What llama-server has, by its documentation.
    private static readonly string[] Peer =
    [
        "prompt_tokens_total", "prompt_seconds_total", "tokens_predicted_total", "tokens_predicted_seconds_total", "n_decode_total", "n_tokens_max",
        "prompt_tokens_seconds", "predicted_tokens_seconds", "requests_processing", "requests_deferred", "n_busy_slots_per_decode",
        "spec_decode_num_draft_tokens_total", "spec_decode_num_accepted_tokens_total", "spec_decode_num_drafts_total",
    ];

    // Every line is a comment or a sample, and each metric is announced once, before its samples.
    private static Dictionary<string, double> Read(string text)
    {
        var samples = new Dictionary<string, double>(StringComparer.Ordinal);
        var types = new Dictionary<string, string>(StringComparer.Ordinal);
        Assert.EndsWith("\n", text);
        foreach (var line in text.TrimEnd('\n').Split('\n'))
        {
            if (Announcement().Match(line) is { Success: true } announcement)
            {
                if (announcement.Groups[1].Value == "TYPE") types.Add(announcement.Groups[2].Value, announcement.Groups[3].Value);
                continue;
            }

            var sample = Sample().Match(line);
            Assert.True(sample.Success, line);
            var name = sample.Groups[1].Value;
            var isAnnounced = types.ContainsKey(name)
                || types.GetValueOrDefault(Regex.Replace(name, "_(bucket|sum|count)$", "")) == "histogram";
            Assert.True(isAnnounced, line);
            samples.Add(sample.Groups[1].Value + sample.Groups[2].Value, double.Parse(sample.Groups[3].Value, CultureInfo.InvariantCulture));
        }

        return samples;
    }

    [GeneratedRegex("^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)$")]
    private static partial Regex Announcement();

    [GeneratedRegex("""^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?:[a-zA-Z_]+="(?:[^"\\\n]|\\["\\n])*",?)+\})? ([0-9.eE+-]+)$""")]
    private static partial Regex Sample();
}
