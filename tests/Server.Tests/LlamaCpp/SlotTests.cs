using System.Net;
using System.Text.Json.Nodes;
using ArchGen.Fixtures;

namespace ArchGen.Server.Tests.LlamaCpp;

/// <summary>Slots: what they tell, and that they can be saved, restored and erased.</summary>
public sealed class SlotTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Each_answer_that_can_run_has_a_slot()
    {
        await using var server = await StartAsync();
        var slots = (await GetAsync(server, "/slots")).AsArray();
        Assert.Equal([0, 1], slots.Select(slot => (int)slot!["id"]!));
        Assert.All(slots, slot => Assert.Equal((512, false), ((int)slot!["n_ctx"]!, (bool)slot["is_processing"]!)));
        Assert.All(slots, slot => Assert.False(slot!.AsObject().ContainsKey("params")));
        await AnswerAsync(server, "Once upon a time", slot: 1);
        Assert.Equal(6, (int)(await GetAsync(server, "/slots"))[1]!["params"]!["n_predict"]!);
        Assert.Equal(6, (int)(await GetAsync(server, "/slots"))[1]!["next_token"]!["n_decoded"]!);
    }

    [Fact]
    public async Task A_slot_goes_on_with_its_own_conversation_alone()
    {
        await using var server = await StartAsync();
        Assert.Equal(5, await AnswerAsync(server, "Once upon a time", slot: 0));
        Assert.Equal(1, await AnswerAsync(server, "Once upon a time", slot: 0));
        Assert.Equal(5, await AnswerAsync(server, "Once upon a time", slot: 1));
        // Without a number, all that is cached is used.
        Assert.Equal(1, await AnswerAsync(server, "Once upon a time", slot: -1));
    }

    [Fact]
    public async Task A_saved_conversation_is_restored_into_another_slot()
    {
        await using (var server = await StartAsync())
        {
            await AnswerAsync(server, "Once upon a time", slot: 0);
            var (status, saved) = await server.PostAsync("/slots/0?action=save", """{"filename": "a b.bin"}""");
            Assert.Equal(HttpStatusCode.OK, status);
            Assert.Equal((5 + 5, "a b.bin"), ((int)saved["n_saved"]!, (string?)saved["filename"]));
            Assert.Equal(new FileInfo(_folder.File("a b.bin")).Length, (long)saved["n_written"]!);
        }

        await using var other = await StartAsync();
        var (_, restored) = await other.PostAsync("/slots/1?action=restore", """{"filename": "a b.bin"}""");
        Assert.Equal((1, 10), ((int)restored["id_slot"]!, (int)restored["n_restored"]!));
        Assert.Equal(1, await AnswerAsync(other, "Once upon a time", slot: 1));
    }

    [Fact]
    public async Task An_erased_slot_computes_everything_again()
    {
        await using var server = await StartAsync();
        await AnswerAsync(server, "Once upon a time", slot: 0);
        var (_, erased) = await server.PostAsync("/slots/0?action=erase", "{}");
        Assert.Equal(10, (int)erased["n_erased"]!);
        Assert.Equal(5, await AnswerAsync(server, "Once upon a time", slot: -1));
    }

    [Theory]
    [InlineData("save", "{\"filename\": \"../x.bin\"}")]
    [InlineData("save", "{\"filename\": \"/etc/x\"}")]
    [InlineData("save", "{\"filename\": \"a\\\\b\"}")]
    [InlineData("save", "{\"filename\": \"..\"}")]
    [InlineData("save", "{\"filename\": \"\"}")]
    [InlineData("restore", "{\"filename\": \"a\\u0000b\"}")]
    [InlineData("restore", "{\"filename\": \"not-there.bin\"}")]
    [InlineData("nonsense", "{}")]
    public async Task A_name_that_leads_elsewhere_is_refused(string action, string body)
    {
        await using var server = await StartAsync();
        await AnswerAsync(server, "Once upon a time", slot: 0);
        var (status, answer) = await server.PostAsync($"/slots/0?action={action}", body);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.DoesNotContain(_folder.File(""), answer.ToJsonString(), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.File("")));
    }

    [Fact]
    public async Task What_was_not_asked_for_at_the_start_is_not_offered()
    {
        await using var server = await TestServer.StartAsync(options => options.ServesSlots = false);
        using var slots = await server.Client.GetAsync("/slots");
        Assert.Equal(HttpStatusCode.NotImplemented, slots.StatusCode);
        Assert.Equal(HttpStatusCode.NotImplemented, (await server.PostAsync("/slots/0?action=erase", "{}")).Status);
    }

    [Theory]
    [InlineData("/slots/2?action=erase")]
    [InlineData("/slots/x?action=erase")]
    public async Task A_slot_that_is_not_there_is_an_error(string path)
    {
        await using var server = await StartAsync();
        Assert.Equal(HttpStatusCode.BadRequest, (await server.PostAsync(path, "{}")).Status);
    }

    private Task<TestServer> StartAsync() => TestServer.StartAsync(options =>
    {
        options.Models[0].Model.MaxConcurrentAnswers = 2;
        options.SlotsFolder = _folder.File("");
    });

    private static async Task<JsonNode> GetAsync(TestServer server, string path) => JsonNode.Parse(await server.Client.GetStringAsync(path))!;

    // The number of tokens of the prompt that were computed.
    private static async Task<int> AnswerAsync(TestServer server, string prompt, int slot)
    {
        var (_, answer) = await server.PostAsync("/completion", $$"""{"prompt": "{{prompt}}", "id_slot": {{slot}}, "n_predict": 6, "temperature": 0}""");
        if (slot >= 0) Assert.Equal(slot, (int)answer["id_slot"]!);
        return (int)answer["timings"]!["prompt_n"]!;
    }
}
