namespace ArchGen.Server.Tests.Operations;

/// <summary>The ids by which a request is found in the log.</summary>
public sealed class RequestIdTests
{
    [Theory]
    [InlineData("abc-123_x.y", true)]
    [InlineData("", false)]
    [InlineData("two words", false)]
    [InlineData("<script>", false)]
    public async Task A_plain_id_is_taken_over_and_others_are_replaced(string id, bool isTaken)
    {
        await using var server = await TestServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/health/live");
        request.Headers.TryAddWithoutValidation("x-request-id", id);
        using var response = await server.Client.SendAsync(request);
        var returned = Assert.Single(response.Headers.GetValues("x-request-id"));
        Assert.Equal(isTaken, returned == id);
        Assert.NotEmpty(returned);
    }

    [Fact]
    public async Task Errors_have_one_too_and_a_long_one_is_not_taken_over()
    {
        await using var server = await TestServer.StartAsync();
        var id = new string('a', 129);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/nowhere");
        request.Headers.Add("x-request-id", id);
        using var response = await server.Client.SendAsync(request);
        Assert.Equal(32, Assert.Single(response.Headers.GetValues("x-request-id")).Length);
    }
}
