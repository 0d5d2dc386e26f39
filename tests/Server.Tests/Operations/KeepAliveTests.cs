using System.Text.Json;
using ArchGen.Server.Http;
using ArchGen.Server.Models;

namespace ArchGen.Server.Tests.Operations;

public sealed class KeepAliveTests
{
    [Theory]
    [InlineData("""{"keep_alive": 90}""", 90)]
    [InlineData("""{"keep_alive": "90"}""", 90)]
    [InlineData("""{"keep_alive": "90s"}""", 90)]
    [InlineData("""{"keep_alive": "10m"}""", 600)]
    [InlineData("""{"keep_alive": "1.5h"}""", 5400)]
    [InlineData("""{"keep_alive": 0}""", 0)]
    [InlineData("""{"ttl": 60}""", 60)]
    public void A_time_is_read(string json, double seconds) => Assert.Equal(TimeSpan.FromSeconds(seconds), Read(json));

    [Theory]
    [InlineData("""{"keep_alive": -1}""")]
    [InlineData("""{"keep_alive": "-1"}""")]
    [InlineData("""{"keep_alive": 1e300}""")]
    public void Less_than_nothing_and_more_than_a_timer_takes_is_forever(string json) => Assert.Equal(Timeout.InfiniteTimeSpan, Read(json));

    [Fact]
    public void Nothing_is_said() => Assert.Null(Read("""{"model": "a"}"""));

    [Theory]
    [InlineData("""{"keep_alive": "soon"}""")]
    [InlineData("""{"keep_alive": "NaN"}""")]
    [InlineData("""{"keep_alive": ""}""")]
    [InlineData("""{"keep_alive": "m"}""")]
    [InlineData("""{"keep_alive": [1]}""")]
    [InlineData("""{"ttl": "1"}""")]
    public void What_is_no_time_is_refused(string json) => Assert.Throws<RequestException>(() => Read(json));

    private static TimeSpan? Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return KeepAlive.Of(new JsonFields(document.RootElement));
    }
}
