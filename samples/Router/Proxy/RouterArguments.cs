using System.Globalization;
using System.Net;
using ArchGen.Samples.Router.Routing;

namespace ArchGen.Samples.Router.Proxy;

/// <summary>The command line of the router.</summary>
internal static class RouterArguments
{
    public const string Help = """
        router --replica URL... [--listen ADDRESS:PORT] [--policy NAME]   routes requests
        router simulate [--replicas 2,4,8] [--seed N] [--svg FILE]        simulates replicas

          --replica URL       a server with OpenAI's API; repeat it for each
          --resolve           each address of a replica's name is a replica (a headless service of Kubernetes)
          --listen ADDRESS    where to listen; 127.0.0.1:8000 by default
          --policy NAME       PrefixAware (default), RoundRobin, LeastRequests, PowerOfTwoChoices, Random
          --health-path PATH  what a replica answers with 200 when it takes requests; /health/ready by default, /health for llama-server
          --block N           characters of a block of a prompt; 256 by default
          --max-bytes N       bytes that a request may have; 30000000 by default
        """;

    /// <summary>Reads the options.</summary>
    /// <exception cref="FormatException">One is wrong.</exception>
    public static RouterOptions Read(IReadOnlyList<string> arguments)
    {
        List<Uri> replicas = [];
        var options = new RouterOptions();
        for (var i = 0; i < arguments.Count; i++)
        {
            var name = arguments[i];
            options = name switch
            {
                "--replica" => options with { Replicas = Add(replicas, Next()) },
                "--resolve" => options with { ResolvesNames = true },
                "--listen" => options with { Listen = EndPoint(Next()) },
                "--policy" => options with { Policy = Policy(Next()) },
                "--health-path" => options with { HealthPath = Next() },
                "--block" => options with { Routing = options.Routing with { BlockCharacters = (int)Number(Next(), 1, 1 << 20) } },
                "--max-bytes" => options with { MaxRequestBytes = Number(Next(), 1, 1 << 30) },
                _ => throw new FormatException($"There is no option {name}. See --help."),
            };

            string Next() => ++i < arguments.Count ? arguments[i] : throw new FormatException($"{name} needs a value.");
        }

        if (replicas.Count > 0) return options;
        throw new FormatException("There are no replicas. Name each with --replica, such as --replica http://10.0.0.1:8080.");
    }

    private static Uri[] Add(List<Uri> replicas, string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            throw new FormatException($"--replica {text} is no address, expected one such as http://10.0.0.1:8080.");
        if (replicas.Contains(url)) throw new FormatException($"--replica {text} is given twice.");
        replicas.Add(url);
        return [.. replicas];
    }

    private static IPEndPoint EndPoint(string text) =>
        IPEndPoint.TryParse(text, out var address) && text.Contains(':', StringComparison.Ordinal) ? address
        : throw new FormatException($"--listen {text} is no address with a port, expected one such as 0.0.0.0:8000.");

    private static string Policy(string text)
    {
        string[] names = [PrefixAwarePolicy.PolicyName, "RoundRobin", "LeastRequests", "PowerOfTwoChoices", "Random"];
        return Array.Find(names, name => name.Equals(text, StringComparison.OrdinalIgnoreCase))
            ?? throw new FormatException($"--policy {text} is none of {string.Join(", ", names)}.");
    }

    private static long Number(string text, long min, long max) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max ? number
        : throw new FormatException($"'{text}' is no whole number from {min} to {max}.");
}
