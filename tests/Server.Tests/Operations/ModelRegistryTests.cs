using ArchGen.Architectures;
using ArchGen.Fixtures;
using ArchGen.Runtime.Generation;
using ArchGen.Server.Http;
using ArchGen.Server.Models;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ArchGen.Server.Tests.Operations;

/// <summary>Models that are opened when they are requested, and closed when they are not used.</summary>
public sealed class ModelRegistryTests : IDisposable
{
    private const int Timeout = 60_000;

    private readonly FakeTimeProvider _clock = new();
    private readonly Dictionary<string, int> _opened = new(StringComparer.Ordinal);
    private ServiceProvider? _services;

    public void Dispose() => _services?.Dispose();

    [Fact(Timeout = Timeout)]
    public async Task Those_who_ask_at_the_same_time_wait_for_one_opening()
    {
        var begin = new TaskCompletionSource();
        var registry = Registry([Model("a", () => begin.Task.Wait())]);
        var requests = Enumerable.Range(0, 20).Select(_ => registry.AcquireAsync("a", CancellationToken.None)).ToArray();
        Assert.Equal(ModelState.Loading, registry.Models[0].State);
        begin.SetResult();
        var leases = await Task.WhenAll(requests);
        Assert.Equal(1, _opened["a"]);
        Assert.All(leases, lease => Assert.Same(leases[0].Model.Engine, lease.Model.Engine));
        foreach (var lease in leases) lease.Dispose();
    }

    [Fact(Timeout = Timeout)]
    public async Task A_failure_is_told_to_all_who_wait_and_the_next_request_tries_again()
    {
        var begin = new TaskCompletionSource();
        var fails = true;
        var registry = Registry([Model("a", () =>
        {
            begin.Task.Wait();
            if (fails) throw new ModelFileException("/secret/place/a.gguf is damaged.");
        })]);
        var requests = Enumerable.Range(0, 3).Select(_ => registry.AcquireAsync("a", CancellationToken.None)).ToArray();
        begin.SetResult();
        foreach (var request in requests)
        {
            var error = await Assert.ThrowsAsync<ApiException>(() => request);
            Assert.Equal(503, error.Error.Status);
            Assert.DoesNotContain("secret", error.Message);
        }

        Assert.Equal(ModelState.Failed, registry.Models[0].State);
        fails = false;
        using var lease = await registry.AcquireAsync("a", CancellationToken.None);
        Assert.Equal(ModelState.Loaded, registry.Models[0].State);
        Assert.Equal(2, _opened["a"]);
    }

    [Fact(Timeout = Timeout)]
    public async Task The_longest_unused_model_is_closed_for_another()
    {
        var registry = Registry([Model("a"), Model("b"), Model("c")], options => options.MaxLoadedModels = 2);
        await UseAsync(registry, "a");
        _clock.Advance(TimeSpan.FromSeconds(1));
        await UseAsync(registry, "b");
        _clock.Advance(TimeSpan.FromSeconds(1));
        await UseAsync(registry, "a");
        await UseAsync(registry, "c");
        Assert.Equal([ModelState.Loaded, ModelState.Unloaded, ModelState.Loaded], registry.Models.Select(model => model.State));
    }

    [Fact(Timeout = Timeout)]
    public async Task A_model_in_use_is_never_closed()
    {
        var registry = Registry([Model("a"), Model("b")], options => options.MaxLoadedModels = 1);
        var first = await registry.AcquireAsync("a", CancellationToken.None);
        var second = registry.AcquireAsync("b", CancellationToken.None);
        await Eventually.TrueAsync(() => registry.Models[1].State == ModelState.Loading);
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(ModelState.Loaded, registry.Models[0].State);
        Assert.True(first.Model.Model.TrainedContextLength > 0);
        Assert.False(second.IsCompleted);
        first.Dispose();
        (await second).Dispose();
        Assert.Equal(ModelState.Unloaded, registry.Models[0].State);
    }

    [Fact(Timeout = Timeout)]
    public async Task Open_models_stay_within_the_memory_that_they_may_take()
    {
        var registry = Registry([Model("a"), Model("b")]);
        await UseAsync(registry, "a");
        var bytes = registry.Models[0].Bytes;
        Assert.True(bytes > 1_000_000);

        registry = Registry([Model("a"), Model("b")], options => options.MaxModelBytes = bytes + (bytes / 2));
        await UseAsync(registry, "a");
        await UseAsync(registry, "b");
        Assert.Equal([ModelState.Unloaded, ModelState.Loaded], registry.Models.Select(model => model.State));

        registry = Registry([Model("a")], options => options.MaxModelBytes = bytes / 2);
        var error = await Assert.ThrowsAsync<ApiException>(() => UseAsync(registry, "a"));
        Assert.Contains("MiB; all models may take", error.Message);
        Assert.Equal(ModelState.Failed, registry.Models[0].State);
    }

    [Theory(Timeout = Timeout)]
    [InlineData(null, 300)]
    [InlineData(10.0, 10)]
    [InlineData(0.0, 0)]
    public async Task A_model_is_closed_when_it_was_not_used_for_long_enough(double? keepAlive, double seconds)
    {
        var registry = Registry([Model("a"), Model("b")]);
        await UseAsync(registry, "a", keepAlive is { } given ? TimeSpan.FromSeconds(given) : null);
        if (seconds > 0)
        {
            _clock.Advance(TimeSpan.FromSeconds(seconds - 1));
            Assert.Equal(ModelState.Loaded, registry.Models[0].State);
            _clock.Advance(TimeSpan.FromSeconds(2));
        }
        else
        {
            _clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        await Eventually.TrueAsync(() => registry.Models[0].State == ModelState.Unloaded);
        Assert.True(registry.Models[0].IsSleeping);
        Assert.Equal("sleeping", (string?)registry.Models[0].Status()["value"]);
        await UseAsync(registry, "a");
        Assert.Equal(2, _opened["a"]);
    }

    [Fact(Timeout = Timeout)]
    public async Task The_only_model_stays_open_unless_the_options_say_otherwise()
    {
        var registry = Registry([Model("a")]);
        await UseAsync(registry, "a");
        _clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal(ModelState.Loaded, registry.Models[0].State);

        registry = Registry([Model("a")], options => options.KeepAlive = TimeSpan.FromSeconds(1));
        await UseAsync(registry, "a");
        _clock.Advance(TimeSpan.FromSeconds(1));
        await Eventually.TrueAsync(() => registry.Models[0].State == ModelState.Unloaded);
    }

    [Fact(Timeout = Timeout)]
    public async Task A_request_in_time_keeps_it_open()
    {
        var registry = Registry([Model("a"), Model("b")]);
        await UseAsync(registry, "a");
        for (var i = 0; i < 3; i++)
        {
            _clock.Advance(TimeSpan.FromMinutes(4));
            await UseAsync(registry, "a");
        }

        Assert.Equal(1, _opened["a"]);
    }

    [Fact(Timeout = Timeout)]
    public async Task Requests_load_nothing_where_they_may_not()
    {
        var registry = Registry([Model("a"), Model("b")], options => options.LoadsOnDemand = false);
        var error = await Assert.ThrowsAsync<ApiException>(() => UseAsync(registry, "b"));
        Assert.Equal(400, error.Error.Status);
        await registry.LoadAsync(registry.Models[1], CancellationToken.None);
        await UseAsync(registry, "b");
    }

    [Fact(Timeout = Timeout)]
    public async Task Unloading_waits_for_the_answers_that_have_begun()
    {
        var registry = Registry([Model("a")]);
        var lease = await registry.AcquireAsync("a", CancellationToken.None);
        var unload = registry.UnloadAsync(registry.Models[0], CancellationToken.None);
        Assert.False(unload.IsCompleted);
        Assert.Equal(ModelState.Loaded, registry.Models[0].State);
        lease.Dispose();
        await unload;
        Assert.Equal(ModelState.Unloaded, registry.Models[0].State);
    }

    [Fact(Timeout = Timeout)]
    public async Task Who_leaves_does_not_end_the_opening_for_others()
    {
        var begin = new TaskCompletionSource();
        var registry = Registry([Model("a", () => begin.Task.Wait())]);
        using var leaving = new CancellationTokenSource();
        var first = registry.AcquireAsync("a", leaving.Token);
        var second = registry.AcquireAsync("a", CancellationToken.None);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        begin.SetResult();
        (await second).Dispose();
        Assert.Equal(1, _opened["a"]);
        Assert.Equal(0, registry.Models[0].Users + registry.Models[0].Waiters);
    }

    [Fact]
    public void Two_models_of_one_name_are_refused() =>
        Assert.Contains("Two models are named 'a'", Assert.Throws<RequestException>(() => Registry([Model("a"), Model("a")])).Message);

    private static async Task UseAsync(ModelRegistry registry, string name, TimeSpan? keepAlive = null) =>
        (await registry.AcquireAsync(name, CancellationToken.None, keepAlive)).Dispose();

    private ServedModelOptions Model(string name, Action? opening = null)
    {
        var model = TestServer.Stories(name);
        model.Model.Open = () =>
        {
            lock (_opened) _opened[name] = _opened.GetValueOrDefault(name) + 1;
            opening?.Invoke();
            return LoadedModel.Open(SharedFixtures.Local("models/stories260K.gguf"), Catalog.All);
        };
        return model;
    }

    private ModelRegistry Registry(ServedModelOptions[] models, Action<ServerOptions>? configure = null)
    {
        _opened.Clear();
        _services?.Dispose();
        _services = new ServiceCollection().AddLogging().AddArchGenServer(options =>
        {
            foreach (var model in models) options.Models.Add(model);
            options.Clock = _clock;
            configure?.Invoke(options);
        }).BuildServiceProvider();
        return _services.GetRequiredService<ModelRegistry>();
    }
}
