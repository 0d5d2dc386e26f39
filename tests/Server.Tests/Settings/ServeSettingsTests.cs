using System.CommandLine;
using ArchGen.Cli;
using ArchGen.CommandLine;
using ArchGen.CommandLine.Serving;

namespace ArchGen.Server.Tests.Settings;

/// <summary>The options of <c>archgen serve</c> in the environment and in appsettings.json.</summary>
public sealed class ServeSettingsTests
{
    [Theory]
    [InlineData("ARCHGEN_PORT", "81", "--port 81")]
    [InlineData("LLAMA_ARG_PORT", "81", "--port 81")]
    [InlineData("LLAMA_ARG_N_PARALLEL", "3", "--parallel 3")]
    [InlineData("LLAMA_API_KEY", "a b", "--api-key|a b")]
    [InlineData("LLAMA_ARG_MODEL", "m.gguf", "--model m.gguf")]
    [InlineData("LLAMA_ARG_ENDPOINT_METRICS", "1", "--metrics")]
    [InlineData("ARCHGEN_METRICS", "false", "--no-metrics")]
    [InlineData("ARCHGEN_PORT", "", "")]
    [InlineData("LLAMA_ARG_UNKNOWN", "1", "")]
    public void A_variable_is_an_option(string variable, string value, string expected) =>
        Assert.Equal(Split(expected), Missing("serve", name => name == variable ? value : null));

    [Theory]
    [InlineData("""{"ArchGen": {"port": 81, "metrics": true, "ctx-size": 512}}""", "--port 81 --metrics --ctx-size 512")]
    [InlineData("""{"ArchGen": {"Port": "81"}, "Logging": {}} // a comment""", "--port 81")]
    [InlineData("""{"ArchGen": {"api-key": ["a", "b"]}}""", "--api-key a --api-key b")]
    [InlineData("""{"Logging": {}}""", "")]
    public void The_file_has_options(string json, string expected) =>
        Assert.Equal(Split(expected).Order(), Missing("serve", _ => null, json).Order());

    [Fact]
    public void The_command_line_goes_before_the_environment_and_that_before_the_file()
    {
        const string File = """{"ArchGen": {"port": 3, "parallel": 3, "ctx-size": 3}}""";
        var added = Missing("serve --port 1", name => name is "ARCHGEN_PORT" or "ARCHGEN_PARALLEL" ? "2" : null, File);
        Assert.Equal(["--ctx-size", "3", "--parallel", "2"], Pairs(added));
    }

    [Fact]
    public void Our_variable_goes_before_the_other_name() =>
        Assert.Equal(["--port", "1"], Missing("serve", name => name switch { "ARCHGEN_PORT" => "1", "LLAMA_ARG_PORT" => "2", _ => null }));

    [Fact]
    public void The_opposite_on_the_command_line_goes_before_the_environment() =>
        Assert.Empty(Missing("serve --no-metrics", name => name == "ARCHGEN_METRICS" ? "1" : null));

    [Fact]
    public void A_model_of_the_command_line_is_the_model() =>
        Assert.Empty(Missing("serve model.gguf", name => name == "ARCHGEN_MODEL" ? "other.gguf" : null));

    [Theory]
    [InlineData("""{"ArchGen": {"prot": 81}}""", "ArchGen:prot is no option")]
    [InlineData("""{"ArchGen": {"metrics": "perhaps"}}""", "expected true or false")]
    [InlineData("""{"ArchGen": {"port": {"a": 1}}}""", "neither a text")]
    [InlineData("""{"ArchGen": 3}""", "is no object")]
    [InlineData("""{"ArchGen": """, "is no JSON")]
    public void A_slip_in_the_file_is_an_error_and_not_ignored(string json, string message) =>
        Assert.Contains(message, Assert.Throws<RequestException>(() => Missing("serve", _ => null, json)).Message);

    // With ARCHGEN_WRITE_DOCS=1 the page is written.
    [Fact]
    public void The_page_of_options_has_every_option_with_its_variables()
    {
        var serve = CommandTree.Commands(new Terminal(TextWriter.Null, TextWriter.Null, IsInteractive: false), BuiltIn.Program).Subcommands
            .Single(command => command.Name == "serve");
        var rows = serve.Options.Where(option => !option.Hidden).Select(Row).Order(StringComparer.Ordinal);
        var page = $"{Introduction}{string.Join('\n', rows)}\n";
        var path = Path.Combine(Repository.Root, "docs", "server-options.md");
        if (Environment.GetEnvironmentVariable("ARCHGEN_WRITE_DOCS") == "1") File.WriteAllText(path, page);
        Assert.Equal(page, File.ReadAllText(path));
    }

    private const string Introduction = """
        # The options of `archgen serve`

        An option `--some-name` is also the variable `ARCHGEN_SOME_NAME`, and `some-name` in the section `ArchGen` of `appsettings.json` in the current folder:

        ```json
        { "ArchGen": { "port": 8080, "ctx-size": 8192, "api-key-file": "/etc/archgen/keys", "cors-origins": "https://chat.example" } }
        ```

        The command line goes before the environment, and that before the file. A switch is `true` or `false`; an option that may be given several times is an
        array in the file. llama-server's variables are read, too. A test compares this page with the program.

        | option | other variables | what it does |
        |---|---|---|

        """;

    private static string Row(Option option)
    {
        var names = string.Join(", ", option.Aliases.Order(StringComparer.Ordinal).Prepend(option.Name).Select(name => $"`{name}`"));
        var others = string.Join(", ", ServeSettings.Variables(option).Skip(1).Select(name => $"`{name}`"));
        return $"| {names} | {others} | {option.Description!.Replace("|", "\\|", StringComparison.Ordinal)} |";
    }

    private static string[] Split(string text) => text.Split(text.Contains('|') ? '|' : ' ', StringSplitOptions.RemoveEmptyEntries);

    private static IEnumerable<string> Pairs(IReadOnlyList<string> added) =>
        added.Chunk(2).OrderBy(pair => pair[0], StringComparer.Ordinal).SelectMany(pair => pair);

    private static IReadOnlyList<string> Missing(string line, Func<string, string?> environment, string? json = null)
    {
        var commands = CommandTree.Commands(new Terminal(TextWriter.Null, TextWriter.Null, IsInteractive: false), BuiltIn.Program);
        return ServeSettings.Missing(commands.Parse(line.Split(' ')), environment, json);
    }
}
