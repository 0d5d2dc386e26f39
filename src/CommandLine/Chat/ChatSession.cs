using ArchGen.Chat.Conversations;
using ArchGen.Chat.Messages;
using ArchGen.Chat.Prompts;

namespace ArchGen.CommandLine.Chat;

/// <summary>A conversation on a terminal: its history, its settings, and one answer after another.</summary>
/// <param name="engine">What answers.</param>
/// <param name="settings">The settings.</param>
/// <param name="terminal">Where answers are shown.</param>
internal sealed class ChatSession(ChatEngine engine, ChatSettings settings, Terminal terminal)
{
    /// <summary>The messages.</summary>
    public ChatHistory History { get; } = new();

    /// <summary>The settings.</summary>
    public ChatSettings Settings => settings;

    /// <summary>The end of the last answer; null before the first.</summary>
    public ChatFinish? LastFinish { get; private set; }

    /// <summary>Asks, and shows the answer. If it fails, the question is not part of the conversation.</summary>
    /// <exception cref="ContextFullException">The conversation is longer than the context, and nothing is to be left out.</exception>
    /// <exception cref="ArchGenException">The model cannot answer.</exception>
    public async Task AskAsync(string question, CancellationToken cancellation)
    {
        var count = History.Messages.Count;
        History.Add(new Message(MessageRole.User, question));
        try
        {
            await AnswerAsync(cancellation);
        }
        catch (ArchGenException) when (History.Messages.Count > count)
        {
            History.Undo();
            throw;
        }
    }

    /// <summary>Shows an answer to the conversation as it is.</summary>
    public async Task AnswerAsync(CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                await AnswerOnceAsync(cancellation);
                return;
            }
            catch (ContextFullException) when (settings.DropsOldest && History.RemoveOldest())
            {
                terminal.Note("the context is full; the oldest turn is left out.");
            }
        }
    }

    private async Task AnswerOnceAsync(CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var capture = Interruption.Capture(stop.Cancel);
        var request = new ChatRequest
        {
            Messages = History.All,
            Tools = settings.Tools,
            EnableThinking = settings.Thinks,
            ResponseSchema = settings.Schema,
        };
        var generation = new ChatGeneration
        {
            MaxTokens = settings.MaxTokens,
            Sampling = settings.Sampling,
            ThinkingBudget = settings.ThinkingBudget,
            Constraint = settings.Constraint,
        };
        // An answer that follows a schema or a grammar is no Markdown.
        var hasMarkdown = settings is { StylesMarkdown: true, Schema: null, Constraint: null };
        var printer = new AnswerPrinter(terminal, isStyled: terminal.IsInteractive, hasMarkdown);
        var warnings = new List<string>();
        var hasBegun = false;
        try
        {
            await foreach (var update in engine.AnswerAsync(request, generation, warnings, stop.Token))
            {
                hasBegun = true;
                printer.Add(update);
                if (update.Finish is { } finish) LastFinish = finish;
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // Ctrl-C ends the answer; what has come of it stays.
        }

        if (hasBegun || warnings.Count > 0) printer.End();
        foreach (var warning in warnings) terminal.Note(warning);
        History.Add(printer.Message);
        if (LastFinish?.Reason == ChatFinishReason.Length && settings.MaxTokens is null)
            terminal.Note("the context is full, so the answer ends here. /clear begins anew; --ctx-size makes it longer.");
    }
}
