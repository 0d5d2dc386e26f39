using System.CommandLine;
using System.CommandLine.Completions;
using ArchGen.Cli;
using ArchGen.CommandLine;

namespace ArchGen.EndToEnd.Tests.Cli;

/// <summary>What holds of every command and each of its options, found by walking through all of them.</summary>
public sealed class EveryCommandTests
{
    // What a letter stands for, and the options that have it.
    private static readonly Dictionary<string, string[]> Letters = new()
    {
        ["-a"] = ["--alias"],
        ["-b"] = ["--ubatch", "--batch-size"], // tokens that are computed together
        ["-c"] = ["--ctx-size"],
        ["-cmoe"] = ["--cpu-moe"],
        ["-ctk"] = ["--cache-type-k"],
        ["-ctv"] = ["--cache-type-v"],
        ["-ctxcp"] = ["--ctx-checkpoints"],
        ["-d"] = ["--depth"],
        ["-dev"] = ["--device"],
        ["-e"] = ["--escape"],
        ["-f"] = ["--file"],
        ["-h"] = ["--help"],
        ["-?"] = ["--help"],
        ["-i"] = ["--file"],
        ["-j"] = ["--json-schema"],
        ["-kvu"] = ["--kv-unified"],
        ["-l"] = ["--logit-bias"],
        ["-m"] = ["--model"],
        ["-md"] = ["--model-draft"],
        ["-n"] = ["--n-predict", "--n-gen"], // tokens to generate
        ["-ncmoe"] = ["--cpu-moe"],
        ["-ngl"] = ["--n-gpu-layers"],
        ["-no-kvu"] = ["--no-kv-unified"],
        ["-np"] = ["--parallel"],
        ["-o"] = ["--output"],
        ["-p"] = ["--prompt", "--n-prompt"], // the prompt
        ["-r"] = ["--reverse-prompt"],
        ["-rea"] = ["--reasoning"],
        ["-s"] = ["--seed"],
        ["-sm"] = ["--split-mode"],
        ["-sys"] = ["--system-prompt"],
        ["-t"] = ["--threads"],
        ["-to"] = ["--timeout"],
        ["-ts"] = ["--tensor-split"],
        ["-ub"] = ["--ubatch", "--ubatch-size"],
        ["-v"] = ["--verbose"],
    };

    private static readonly Type[] Numbers =
        [typeof(int), typeof(int?), typeof(ulong?), typeof(float), typeof(float?), typeof(double?), typeof(int[])];

    public static TheoryData<string> Names => [.. Commands().Select(command => command.Name)];

    [Fact]
    public void A_letter_has_one_meaning()
    {
        foreach (var (command, option) in Options())
        {
            foreach (var letter in option.Aliases.Where(a => a[0] == '-' && a[1] != '-'))
            {
                // Those of other programs, which are no part of the help, may have letters of their own.
                var isKnown = Letters.TryGetValue(letter, out var names);
                Assert.True(isKnown ? names!.Contains(option.Name) : option.Hidden, $"{command}: {letter} is {option.Name}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Help_ends_with_examples(string command)
    {
        var help = Archgen.Run([.. command.Split(' '), "--help"]);
        Assert.Equal((0, ""), (help.ExitCode, help.Error));
        Assert.Contains($"Examples:\n  archgen {command}", help.Out, StringComparison.Ordinal);
        Assert.StartsWith("Description:", help.Out, StringComparison.Ordinal);
        Assert.Contains($"archgen {command}", help.Out, StringComparison.Ordinal);
        Assert.Equal(help, Archgen.Run(["help", .. command.Split(' ')]));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void An_unknown_option_is_named_with_the_nearest(string command)
    {
        Fails("There is no option --no-such-thing.", command, "--no-such-thing");
        Fails("There is no option --no-such-thing.", command, "word", "--no-such-thing=5", "7");
        foreach (var (_, option) in Options().Where(o => o.Command == command && o.Option.Name.Length > 5))
        {
            Fails($"There is no option {option.Name}x. Did you mean {option.Name}?", command, option.Name + "x", "1");
            Fails($"There is no option {option.Name[1..]}. Did you mean {option.Name}?", command, option.Name[1..], "1");
        }
    }

    [Fact]
    public void A_number_is_a_number()
    {
        var count = 0;
        foreach (var (command, option) in Options().Where(o => Numbers.Contains(o.Option.ValueType)))
        {
            foreach (var text in new[] { "0,8", "many", "0x10", "1_000", "", "NaN", "Infinity", "1e999", "1 ", "99999999999999999999,5" })
            {
                if (text == "0,8" && option.ValueType == typeof(int[])) continue;
                count++;
                Fails($"{option.Name} is '", command, option.Name, text);
            }
        }

        Assert.True(count > 300, $"{count}");
    }

    [Fact]
    public void Threads_are_bounded()
    {
        var commands = Options().Where(o => o.Option.Name == "--threads").Select(o => o.Command).ToList();
        Assert.True(commands.Count > 12);
        foreach (var command in commands)
        {
            foreach (var threads in new[] { "0", "-1", "-5", "20000" }) Fails($"--threads is {threads}, expected 1 to 1024.", command, "-t", threads);
            Fails("--threads needs a value.", command, "-t");
            Fails("--threads is given 2 times, expected once.", command, "-t", "2", "--threads", "3");
        }
    }

    [Fact]
    public void A_flag_takes_no_value()
    {
        foreach (var (command, option) in Options().Where(o => o.Option is Option<bool>))
            Fails($"{option.Name} takes no value, 'maybe'.", command, $"{option.Name}=maybe");
    }

    [Fact]
    public void A_name_is_one_of_those_that_there_are()
    {
        var count = 0;
        foreach (var (command, option) in Options().Where(o => o.Option.ValueType == typeof(string) && o.Option.GetCompletions(CompletionContext.Empty).Any()))
        {
            count++;
            Fails($"{option.Name} is 'nonsense', expected one of ", command, option.Name, "nonsense");
        }

        Assert.True(count > 12, $"{count}");
    }

    [Fact]
    public void Unknown_commands_and_words_are_named()
    {
        Fails("There is no command 'rum'. Did you mean run?", "rum");
        Fails("There is no command 'nonsense'. Known are run, chat, serve, convert,", "nonsense");
        Fails("There is no option --nonsense.", "--nonsense");
        Fails("'b.gguf' is one word too many: inspect takes MODEL.", "inspect", "a.gguf", "b.gguf");
        Fails("'llama' is one word too many: architectures takes no arguments.", "architectures", "llama");
        Fails("DIR is missing: A checkpoint folder", "convert");
        Fails("--output is missing: The file to write", "logits", "a.gguf");
        Fails("There is no option -r. Did you mean --repetitions?", "bench", "-r", "2");
        Fails("There is no option -temp. Did you mean --temp?", "run", "-temp", "0.8");
        Fails("There is no command 'chek'. Did you mean check?", "grammar", "chek");
        Fails("grammar needs one of check, bench.", "grammar");
        Fails("'b.gguf' is one word too many: grammar check takes MODEL.", "grammar", "check", "a.gguf", "b.gguf");
        Assert.Equal("archgen: There is no command 'rum'. Did you mean run?\n", Archgen.Run("help", "rum").Error);
    }

    [Fact]
    public void Help_and_version_are_commands_and_options()
    {
        Assert.Equal(Archgen.Run("--help"), Archgen.Run("help"));
        Assert.Equal(Archgen.Run("--help"), Archgen.Run());
        Assert.Matches(@"^\d+\.\d+\.\d+", Archgen.Run("version").Out);
        Assert.Equal(Archgen.Run("version"), Archgen.Run("--version"));
        var words = Archgen.Run("help", "tokenize").Out.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains("a checkpoint's folder, its tokenizer.json", string.Join(' ', words), StringComparison.Ordinal);
    }

    [Fact]
    public void Behind_two_dashes_every_word_is_one()
    {
        var run = Archgen.Run("tokenize", Fixtures.SharedFixtures.Local("models/stories260K.gguf"), "--", "--no-such-thing");
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.StartsWith("[", run.Out, StringComparison.Ordinal);
    }

    /// <summary>All commands, those inside others too, by their words.</summary>
    internal static IEnumerable<(string Name, Command Command)> Commands() =>
        CommandTree.Commands(new Terminal(TextWriter.Null, TextWriter.Null, IsInteractive: false), BuiltIn.Program).Subcommands
            .SelectMany(command => Commands("", command));

    private static IEnumerable<(string Name, Command Command)> Commands(string parent, Command command) =>
        command.Subcommands.SelectMany(inner => Commands($"{parent}{command.Name} ", inner)).Prepend(($"{parent}{command.Name}", command));

    private static IEnumerable<(string Command, Option Option)> Options() =>
        Commands().SelectMany(command => command.Command.Options.Select(option => (command.Name, option)));

    // A message and where the help is: no help, no names of types.
    private static void Fails(string message, params string[] arguments)
    {
        var run = Archgen.Run([.. arguments[0].Split(' '), .. arguments[1..]]);
        var lines = run.Error.Split('\n');
        var line = string.Join(' ', arguments);
        Assert.True(run.ExitCode == 1 && lines.Length == 3, $"{line}: {run.Error}");
        Assert.True(lines[0].StartsWith("archgen: " + message, StringComparison.Ordinal), $"{line}: {run.Error}");
        Assert.Matches("^See 'archgen ([a-z-]+ )*--help'\\.$", lines[1]);
        Assert.DoesNotContain("System.", run.Error, StringComparison.Ordinal);
        Assert.Equal("", run.Out);
    }
}
