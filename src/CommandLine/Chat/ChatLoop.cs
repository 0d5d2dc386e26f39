namespace ArchGen.CommandLine.Chat;

/// <summary>Reads questions and commands until the user ends.</summary>
/// <param name="session">The conversation.</param>
/// <param name="terminal">Where messages go.</param>
internal sealed class ChatLoop(ChatSession session, Terminal terminal)
{
    private const string Prompt = "> ";

    /// <summary>Runs to the end of the input, or until the user ends. A mistake is a message; the conversation goes on.</summary>
    public async Task RunAsync(Func<string, string?> read, CancellationToken cancellation)
    {
        var commands = new SlashCommands(session, terminal);
        while (!commands.IsExit && !cancellation.IsCancellationRequested && read(Prompt) is { } line)
        {
            if (line.Trim().Length == 0) continue;
            try
            {
                if (line.StartsWith('/')) await commands.RunAsync(line.Trim(), cancellation);
                else await session.AskAsync(line, cancellation);
            }
            catch (ArchGenException error)
            {
                terminal.Note(error.Message);
            }
        }

        cancellation.ThrowIfCancellationRequested();
    }
}
