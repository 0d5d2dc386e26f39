using System.Globalization;
using System.Net;
using System.Text;
using ArchGen.Server.Models;
using ArchGen.Server.Operations;

namespace ArchGen.Server.Tests.Abuse;

/// <summary>Many clients at once, and many requests one after another. The memory is that of the whole process, so no other test runs beside these.</summary>
[Collection(nameof(LoadTests))]
[CollectionDefinition(nameof(LoadTests), DisableParallelization = true)]
public sealed class LoadTests
{
    private const int Clients = 64;

    [Fact(Timeout = 120_000)]
    public async Task Sixty_four_clients_at_once_are_all_answered_or_told_to_come_again()
    {
        var endpoint = new GeneratingEndpoint();
        await using var server = await TestServer.StartAsync(
            options => options.Models[0].Model.Engine = engine => engine with { MaxQueuedAnswers = 16 }, endpoint.Map);
        var answers = await Task.WhenAll(Enumerable.Range(0, Clients).Select(async i =>
        {
            var count = 0;
            for (var n = 0; n < 10; n++)
            {
                var (status, body) = await server.PostAsync(GeneratingEndpoint.Path, $$"""{"tokens": {{1 + (i % 7)}}, "stream": false}""");
                Assert.True(status is HttpStatusCode.OK or HttpStatusCode.TooManyRequests, $"{status}");
                if (status != HttpStatusCode.OK) continue;
                Assert.Equal(1 + (i % 7), (int)body["tokens"]!);
                count++;
            }

            return count;
        }));
        Assert.True(answers.Sum() > 0);
        var metrics = server.Service<ModelRegistry>().Models[0].EngineOrNull!.Metrics;
        Assert.Equal(answers.Sum(), metrics.FinishedAnswers);
        Assert.Equal((Clients * 10) - answers.Sum(), metrics.RefusedRequests);
        Assert.Equal(0, server.Service<RequestGate>().Running);
    }

    [Fact(Timeout = 180_000)]
    public async Task Ten_thousand_requests_leave_no_memory_behind()
    {
        var endpoint = new GeneratingEndpoint();
        await using var server = await TestServer.StartAsync(map: endpoint.Map);
        await ServeAsync(server, 2000);
        var (heap, pages) = Memory();
        await ServeAsync(server, 10_000);
        var (heapAfter, pagesAfter) = Memory();
        Assert.True(heapAfter - heap < 2 << 20, $"{heapAfter - heap} bytes more of the heap after 10,000 requests");
        // Pages of the heap come and go with collections: a leak of 5 KB a request would be 50 MB.
        Assert.True(pagesAfter - pages < 32 << 20, $"{pagesAfter - pages} bytes more of pages after 10,000 requests");
        Assert.Equal(0, server.Service<ModelRegistry>().Models[0].EngineOrNull!.Metrics.UsedCells);
    }

    // One tenth generates, one tenth is wrong, one tenth is left; the rest is small.
    private static Task ServeAsync(TestServer server, int requests) => Parallel.ForEachAsync(
        Enumerable.Range(0, requests),
        new ParallelOptions { MaxDegreeOfParallelism = 8 },
        async (i, _) =>
        {
            switch (i % 10)
            {
                case 0:
                    await server.PostAsync(GeneratingEndpoint.Path, """{"tokens": 2}""");
                    break;
                case 1:
                    await server.PostAsync("/tokenize", "{");
                    break;
                case 2:
                    using (var client = await RawClient.ConnectAsync(server))
                        await client.PostAsync(GeneratingEndpoint.Path, """{"tokens": 50, "stream": true}""");
                    break;
                default:
                    using (var content = new StringContent($$"""{"content": "Once {{i}}"}""", Encoding.UTF8, "application/json"))
                    using (var response = await server.Client.PostAsync("/tokenize", content)) Assert.Equal(HttpStatusCode.OK, response.StatusCode);
                    break;
            }
        });

    private static (long Heap, long Pages) Memory()
    {
        var heap = 0L;
        for (var i = 0; i < 3; i++)
        {
            heap = GC.GetTotalMemory(forceFullCollection: true);
            GC.WaitForPendingFinalizers();
        }

        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        if (!File.Exists("/proc/self/status")) return (heap, 0);
        var pages = 0L;
        foreach (var line in File.ReadLines("/proc/self/status"))
        {
            if (!line.StartsWith("RssAnon:", StringComparison.Ordinal) && !line.StartsWith("VmSwap:", StringComparison.Ordinal)) continue;
            pages += 1024 * long.Parse(line.Split(':')[1].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture);
        }

        return (heap, pages);
    }
}
