using ArchGen.Samples.Router.Proxy;

namespace ArchGen.Samples.Router.Tests.Proxy;

public sealed class RouterArgumentsTests
{
    [Fact]
    public void All_options_are_read()
    {
        var options = RouterArguments.Read(
        [
            "--replica", "http://a:1", "--replica", "http://b:2", "--listen", "0.0.0.0:9000", "--policy", "roundrobin", "--health-path", "/health",
            "--block", "64", "--max-bytes", "1000", "--resolve",
        ]);
        Assert.Equal(["http://a:1/", "http://b:2/"], options.Replicas.Select(url => url.AbsoluteUri));
        Assert.Equal(("0.0.0.0:9000", "RoundRobin", "/health"), (options.Listen.ToString(), options.Policy, options.HealthPath));
        Assert.Equal((64, 1000, true), (options.Routing.BlockCharacters, options.MaxRequestBytes, options.ResolvesNames));
    }

    [Theory]
    [InlineData("", "There are no replicas.")]
    [InlineData("--replica", "--replica needs a value.")]
    [InlineData("--replica here", "--replica here is no address")]
    [InlineData("--replica http://a --replica http://a", "--replica http://a is given twice.")]
    [InlineData("--replica http://a --policy best", "--policy best is none of PrefixAware,")]
    [InlineData("--replica http://a --listen 8000", "--listen 8000 is no address with a port")]
    [InlineData("--replica http://a --block many", "'many' is no whole number from 1 to 1048576.")]
    [InlineData("--nonsense", "There is no option --nonsense.")]
    public void A_wrong_option_is_named(string line, string message) => Assert.StartsWith(
        message, Assert.Throws<FormatException>(() => RouterArguments.Read(line.Split(' ', StringSplitOptions.RemoveEmptyEntries))).Message);
}
