using System.Text;
using ArchGen.Chat.Messages;
using ArchGen.Gguf.Files;

namespace ArchGen.CommandLine.Chat;

/// <summary>The lines that begin with a slash.</summary>
/// <param name="session">The conversation.</param>
/// <param name="terminal">Where they answer.</param>
internal sealed class SlashCommands(ChatSession session, Terminal terminal)
{
    private static readonly (string Name, string Help)[] All =
    [
        ("/help", "this list"),
        ("/clear", "begin a new conversation"),
        ("/regen", "answer the last question again"),
        ("/undo", "take back the last question and its answer"),
        ("/system [TEXT]", "show or change the instructions to the model"),
        ("/set [NAME VALUE]", "show or change the settings"),
        ("/tools [FILE|none]", "show or load the tools that the model may call"),
        ("/read FILE", "ask with the text of a file"),
        ("/save FILE", "save the conversation as JSON"),
        ("/load FILE", "go on with a saved conversation"),
        ("/exit", "end (also Ctrl-D)"),
    ];

    /// <summary>Whether the user has asked to end.</summary>
    public bool IsExit { get; private set; }

    /// <summary>Runs a command.</summary>
    /// <param name="line">The line, which begins with a slash.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ArchGenException">The command cannot be followed.</exception>
    public async Task RunAsync(string line, CancellationToken cancellation)
    {
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        var (name, rest) = space < 0 ? (line, "") : (line[..space], line[(space + 1)..].Trim());
        switch (name)
        {
            case "/help" or "/?": Help(); break;
            case "/exit" or "/quit" or "/bye": IsExit = true; break;
            case "/clear": session.History.Clear(); break;
            case "/undo": Require(session.History.Undo()); break;
            case "/regen":
                Require(session.History.RemoveAnswer());
                await session.AnswerAsync(cancellation);
                break;
            case "/system": System(rest); break;
            case "/set": Set(rest); break;
            case "/tools": Tools(rest); break;
            case "/read": await session.AskAsync(terminal.ReadText(File(rest), "a text"), cancellation); break;
            case "/save": Save(File(rest)); break;
            case "/load": session.History.Read(terminal.ReadText(File(rest), "a saved conversation")); break;
            default: throw new RequestException($"There is no command {name}; /help lists them. Put a space before the slash if it is a text.");
        }
    }

    private void Save(string path)
    {
        var json = Encoding.UTF8.GetBytes(session.History.ToJson() + "\n");
        OutputFile.Write(path, stream => stream.Write(json));
    }

    private void Help()
    {
        foreach (var (name, help) in All) terminal.Error.WriteLine($"  {name,-20} {help}");
        terminal.Error.WriteLine("A line that ends with \\ goes on in the next one; so does all between two lines of \"\"\". Ctrl-C ends an answer.");
    }

    private void System(string text)
    {
        if (text.Length == 0) terminal.Error.WriteLine(session.History.System ?? "There are no instructions.");
        else session.History.System = text;
    }

    private void Set(string rest)
    {
        var words = rest.Split([' ', '='], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (words.Length == 2)
        {
            session.Settings.Set(words[0], words[1]);
            return;
        }

        if (words.Length != 0) throw new RequestException("Write /set NAME VALUE, such as /set temp 0.7.");
        foreach (var (name, value) in session.Settings.All) terminal.Error.WriteLine($"  {name,-16} {value}");
    }

    private void Tools(string rest)
    {
        if (rest == "none") session.Settings.Tools = [];
        else if (rest.Length > 0) session.Settings.Tools = MessageReader.Tools(terminal.ReadText(rest, "a list of tools"));
        if (session.Settings.Tools.Count == 0) terminal.Error.WriteLine("There are no tools.");
        foreach (var tool in session.Settings.Tools) terminal.Error.WriteLine($"  {tool.Name,-20} {tool.Description}");
    }

    private static string File(string path) => path.Length > 0 ? path : throw new RequestException("There is no file. Name one after the command.");

    private static void Require(bool isDone)
    {
        if (!isDone) throw new RequestException("There is no question yet.");
    }
}
