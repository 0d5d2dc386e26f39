using System.CommandLine;
using System.Globalization;
using ArchGen.Chat.Constraints;
using ArchGen.Chat.Conversations;
using ArchGen.CommandLine.Chat;
using ArchGen.CommandLine.Options;
using ArchGen.Grammars;
using ArchGen.Runtime.Cache;
using ArchGen.Runtime.Generation;
using ArchGen.Runtime.Scheduling;

namespace ArchGen.CommandLine.Commands;

/// <summary><c>archgen chat</c>: a conversation on the terminal.</summary>
internal sealed class ChatCommand(Terminal terminal, ArchgenProgram program)
{
    private readonly ModelChoice _model = ModelChoice.OrEmbedded(program);
    private readonly Option<string?> _prompt = new("--prompt", "-p") { Description = "Ask this, print the answer and end." };
    private readonly Option<string?> _file = TextOptions.File();
    private readonly Option<string?> _system = new("--system-prompt", "-sys") { Description = "The instructions to the model." };

    private readonly Option<string?> _template = new("--chat-template-file")
    {
        Description = "A chat template in Jinja, in place of the model's.", HelpName = "FILE",
    };

    private readonly Option<string?> _tools = new("--tools")
    {
        Description = "Tools that the model may call: a JSON array in OpenAI's form.", HelpName = "FILE",
    };

    private readonly Option<string?> _schema = new("--json-schema", "-j")
    {
        Description = "The JSON schema that answers follow: as text, or a file.", HelpName = "JSON|FILE",
    };

    private readonly Option<string?> _grammar = new("--grammar-file") { Description = "The grammar (GBNF) that answers follow.", HelpName = "FILE" };
    private readonly Option<string?> _load = new("--load") { Description = "Go on with a conversation that /save has written.", HelpName = "FILE" };

    private readonly Option<string> _think = new Option<string>("--reasoning")
    {
        Description = "Whether the model thinks first, if its template can say so.",
        DefaultValueFactory = _ => "auto",
    }.OneOf("auto", "on", "off");

    private readonly Option<int> _budget = new Option<int>("--reasoning-budget")
    {
        Description = "Tokens of thinking at most; -1 for no limit.",
        DefaultValueFactory = _ => -1,
    }.Within(0, int.MaxValue, "for no limit");

    private readonly Option<int> _count = new Option<int>("--n-predict", "-n")
    {
        Description = "Tokens of an answer at most; -1 for as many as the context holds.",
        DefaultValueFactory = _ => -1,
    }.Within(0, int.MaxValue, "for no limit");

    private readonly Option<bool> _dropsOldest = new("--drop-oldest")
    {
        Description = "Where the context is full, leave out the oldest turns. Without it that is an error.",
    };

    private readonly Option<int> _threads = ModelOptions.Threads();

    private readonly Option<int?> _context = new Option<int?>("--ctx-size", "-c")
    {
        Description = "Tokens that the conversation may have. Default: what the model was trained for, at most 4096.",
    }.Within(1, int.MaxValue);

    private readonly Option<int> _batch = ModelOptions.BatchSize();
    private readonly Option<string> _cache = ModelOptions.CacheTypeOption(CacheType.F16);
    private readonly Option<string[]> _lora = LoraOption.Create();
    private readonly Option<string> _tier = ModelOptions.Tier("fastest");
    private readonly DeviceOptions _device = new();
    private readonly SamplingOptions _sampling = new();

    public static Command Create(Terminal terminal, ArchgenProgram program)
    {
        var chat = new ChatCommand(terminal, program);
        var command = new ExampleCommand(
            "chat",
            "Converses with a model. Answers come as they are generated, their Markdown is styled on a terminal, thinking is dimmed, Ctrl-C ends an "
            + "answer, Ctrl-D the conversation; /help lists the commands. Where standard input is a file or a pipe, its text is the only question.",
            "chat model.gguf",
            "chat model.gguf -sys \"Answer in one sentence.\" -p \"Why is the sky blue?\"",
            "chat model.gguf -n 100 < question.txt",
            "chat model.gguf --json-schema '{\"type\": \"object\", \"properties\": {\"birds\": {\"type\": \"array\"}}}' -p \"Name three birds.\"",
            "chat model.gguf --tools tools.json --reasoning off --temp 0.3")
        {
            chat._model.All, chat._prompt, chat._file, chat._system, chat._template, chat._tools, chat._schema, chat._grammar, chat._load, chat._think,
            chat._budget, chat._count, chat._dropsOldest, chat._threads, chat._context, chat._batch, chat._cache, chat._lora, chat._tier, chat._device.All,
            chat._sampling.All,
        };
        command.SetAction(chat.Execute);
        return command;
    }

    private async Task<int> Execute(ParseResult parsed, CancellationToken cancellation)
    {
        var path = _model.PathOrNull(parsed);
        var question = Question(parsed);
        using var loaded = program.Load(path, terminal);
        using var adapters = LoraOption.Open(parsed.GetValue(_lora), loaded);
        var settings = Settings(parsed, loaded, isGreedy: path is null);
        var template = parsed.GetValue(_template) is { } file ? terminal.ReadText(file, "a chat template") : null;
        var tier = parsed.GetValue(_tier)!;
        var backend = _device.Backend(parsed, ModelOptions.Cpu(parsed.GetValue(_threads), tier), tier, terminal, isSmall: path is null);
        var context = parsed.GetValue(_context) ?? ModelOptions.DefaultContextLength(loaded);
        using var engine = new ChatEngine(loaded, backend, new EngineOptions
        {
            MaxSequences = 1,
            SequenceLength = context,
            Cells = context,
            MaxBatch = parsed.GetValue(_batch),
            CacheType = ModelOptions.ParseCacheType(parsed.GetValue(_cache)!),
            Adapters = adapters,
        }, template);
        foreach (var warning in loaded.Tokenizer.Warnings) terminal.Note(warning);
        var session = new ChatSession(engine, settings, terminal) { History = { System = parsed.GetValue(_system) } };
        if (parsed.GetValue(_load) is { } saved) session.History.Read(terminal.ReadText(saved, "a saved conversation"));
        if (question is not null) await session.AskAsync(question, cancellation);
        else await ConverseAsync(session, path, cancellation);
        return 0;
    }

    private async Task ConverseAsync(ChatSession session, string? path, CancellationToken cancellation)
    {
        terminal.Error.WriteLine(path is null ? program.Model!.Introduction : $"{Path.GetFileName(path)}. /help lists the commands; Ctrl-D ends.");
        // ReadKey needs a terminal on both sides.
        var editor = new LineEditor(terminal.Error, ReadKey, () => Console.WindowWidth);
        await new ChatLoop(session, terminal).RunAsync(terminal.IsInteractive && !terminal.IsInputGiven ? editor.Read : ReadLine, cancellation);
    }

    private string? ReadLine(string prompt)
    {
        terminal.Error.Write(prompt);
        return terminal.In.ReadLine();
    }

    private static ConsoleKeyInfo? ReadKey() => Console.ReadKey(intercept: true);

    // -p, -f, or all of standard input where it is a file or a pipe.
    private string? Question(ParseResult parsed)
    {
        var (text, file) = (parsed.GetValue(_prompt), parsed.GetValue(_file));
        if (text is not null && file is not null) throw new RequestException("Give the question once: with -p, or with -f FILE.");
        text ??= file is not null ? TextOptions.Read(file, terminal) : terminal.IsInputGiven ? TextOptions.Read(Terminal.Standard, terminal) : null;
        if (text is not null && text.Trim().Length == 0) throw new RequestException("The question is empty. Write it to standard input, or give it with -p.");
        return text?.TrimEnd('\n', '\r');
    }

    private ChatSettings Settings(ParseResult parsed, LoadedModel model, bool isGreedy) => new()
    {
        Sampling = _sampling.Read(parsed, model, isGreedy),
        MaxTokens = parsed.GetValue(_count) is >= 0 and var max ? max : null,
        Thinks = parsed.GetValue(_think) switch { "on" => true, "off" => false, _ => null },
        ThinkingBudget = parsed.GetValue(_budget) is >= 0 and var budget ? budget : null,
        Tools = parsed.GetValue(_tools) is { } tools ? MessageReader.Tools(terminal.ReadText(tools, "a list of tools")) : [],
        Schema = parsed.GetValue(_schema) is { } schema
            ? MessageReader.Schema(schema.AsSpan().TrimStart() is ['{', ..] ? schema : terminal.ReadText(schema, "a JSON schema")) : null,
        Constraint = parsed.GetValue(_grammar) is { } grammar
            ? new GrammarConstraint(CompiledGrammar.FromGbnf(terminal.ReadText(grammar, "a grammar"), model.Tokenizer), model.Tokenizer) : null,
        DropsOldest = parsed.GetValue(_dropsOldest),
        StylesMarkdown = terminal.IsStyled,
    };
}
