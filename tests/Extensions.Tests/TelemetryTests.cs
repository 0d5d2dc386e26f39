using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.AI;

namespace ArchGen.Extensions.AI.Tests;

/// <summary>What is measured of an answer, by OpenTelemetry's names.</summary>
public sealed class TelemetryTests
{
    [Fact]
    public async Task An_answer_is_measured()
    {
        using var service = TestService.Open(options => options.ModelId = "measured");
        var measured = new Dictionary<string, List<(double Value, string? Type)>>();
        using var meters = new MeterListener();
        meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == ArchGenTelemetry.SourceName) listener.EnableMeasurementEvents(instrument);
        };
        meters.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        meters.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        meters.Start();
        var spans = new List<Activity>();
        using var activities = new ActivityListener
        {
            ShouldListenTo = source => source.Name == ArchGenTelemetry.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = span => { if (span.GetTagItem("gen_ai.request.model") as string == "measured") lock (spans) spans.Add(span); },
        };
        ActivitySource.AddActivityListener(activities);
        var response = await service.AsChatClient().GetResponseAsync("Once upon a time", new ChatOptions { Temperature = 0, MaxOutputTokens = 5 });

        Assert.Single(measured["gen_ai.server.request.duration"]);
        Assert.Single(measured["gen_ai.server.time_to_first_token"]);
        Assert.Contains((response.Usage!.InputTokenCount!.Value, "input"), measured["gen_ai.client.token.usage"]);
        Assert.Contains((5.0, "output"), measured["gen_ai.client.token.usage"]);
        var activity = Assert.Single(spans);
        Assert.Equal("chat measured", activity.DisplayName);
        Assert.Equal(5, activity.GetTagItem("gen_ai.usage.output_tokens"));
        Assert.Equal(["length"], Assert.IsType<string[]>(activity.GetTagItem("gen_ai.response.finish_reasons")));

        void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            string? model = null, type = null;
            foreach (var (key, tag) in tags)
            {
                if (key == "gen_ai.request.model") model = tag as string;
                if (key == "gen_ai.token.type") type = tag as string;
            }

            if (model != "measured") return;
            lock (measured)
            {
                if (!measured.TryGetValue(instrument.Name, out var values)) measured[instrument.Name] = values = [];
                values.Add((value, type));
            }
        }
    }
}
