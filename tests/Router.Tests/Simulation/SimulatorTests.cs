using System.Globalization;
using System.Xml.Linq;
using ArchGen.Fixtures;
using ArchGen.Samples.Router.Simulation;

namespace ArchGen.Samples.Router.Tests.Simulation;

public sealed class SimulatorTests
{
    // Each replica's cache holds about half of what all conversations of two replicas need.
    private static readonly SimulationOptions Small = new() { Replicas = 3, ConversationsPerReplica = 13, CacheTokens = 12_288 };

    [Fact]
    public void The_same_seed_gives_the_same_result()
    {
        var first = new Simulator(Small, Policy.PrefixAware).Run();
        Assert.Equal(first, new Simulator(Small, Policy.PrefixAware).Run());
        Assert.NotEqual(first, new Simulator(Small with { Seed = 2 }, Policy.PrefixAware).Run());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Prompts_are_where_their_beginning_is(int seed)
    {
        var options = Small with { Replicas = 8, Seed = seed };
        SimulationResult turns = new Simulator(options, Policy.RoundRobin).Run(), aware = new Simulator(options, Policy.PrefixAware).Run();
        Assert.Equal((8 * 13 * 8, 8 * 13 * 8), (turns.Answers, aware.Answers));
        Assert.True(aware.HitRate > 2 * turns.HitRate, $"{aware} {turns}");
        Assert.True(aware.FirstToken.P50 < turns.FirstToken.P50 / 2, $"{aware} {turns}");
        Assert.InRange(aware.Imbalance, 1, 1.5);
    }

    /// <summary>One conversation alone takes as long as its tokens at their rates.</summary>
    [Fact]
    public void A_request_alone_takes_the_time_of_its_tokens()
    {
        var options = new SimulationOptions { Replicas = 1, ConversationsPerReplica = 1, Turns = 1, PrefillRate = 100, DecodeRate = 10 };
        var conversation = new Conversation(options, 0, 0);
        var result = new Simulator(options, Policy.RoundRobin).Run();
        Assert.Equal(conversation.PromptTokens(0) / 100.0, result.FirstToken.P50, 6);
        Assert.Equal(0, result.HitRate);

        var replica = new SimulatedReplica(options, 1);
        replica.Add(new SimulatedRequest(conversation, 0, 0), 0);
        List<SimulatedRequest> done = [];
        replica.Advance(replica.NextEvent, done);
        Assert.Empty(done);
        replica.Advance(replica.NextEvent, done);
        Assert.Single(done);
        Assert.Equal(double.PositiveInfinity, replica.NextEvent);
    }

    [Fact]
    public void A_second_turn_computes_what_is_new()
    {
        var options = new SimulationOptions { Replicas = 1, ConversationsPerReplica = 1, Turns = 2, BlockTokens = 1 };
        var conversation = new Conversation(options, 0, 0);
        var result = new Simulator(options, Policy.PrefixAware).Run();
        var (first, second) = (conversation.PromptTokens(0), conversation.PromptTokens(1));
        Assert.Equal((first + conversation.AnswerTokens(0)) / (double)(first + second), result.HitRate, 9);
    }

    [Fact]
    public void The_command_prints_a_table_and_draws()
    {
        using var folder = new TemporaryFolder();
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        SimulateCommand.Run(["--replicas", "1,2", "--seed", "4", "--svg", folder.File("curve.svg")], output);
        var lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2 + (2 * 3), lines.Length);
        Assert.Contains("prefix-aware", lines[^1], StringComparison.Ordinal);
        var svg = XDocument.Load(folder.File("curve.svg")).Root!;
        Assert.Equal(9, svg.Descendants().Count(element => element.Name.LocalName == "polyline"));
        Assert.Throws<FormatException>(() => SimulateCommand.Run(["--replicas", "0"], output));
        Assert.Throws<FormatException>(() => SimulateCommand.Run(["--nonsense", "0"], output));
    }
}
