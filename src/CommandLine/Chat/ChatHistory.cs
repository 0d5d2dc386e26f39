using System.Text.Json;
using System.Text.Json.Nodes;
using ArchGen.Chat.Messages;

namespace ArchGen.CommandLine.Chat;

/// <summary>The messages of a conversation, as they are shown, saved and sent.</summary>
internal sealed class ChatHistory
{
    private readonly List<Message> _messages = [];

    /// <summary>The instructions to the model; null for none.</summary>
    public string? System { get; set; }

    /// <summary>The messages without the instructions.</summary>
    public IReadOnlyList<Message> Messages => _messages;

    /// <summary>The messages with the instructions first.</summary>
    public IReadOnlyList<Message> All => System is { } text ? [new Message(MessageRole.System, text), .. _messages] : [.. _messages];

    public void Add(Message message) => _messages.Add(message);

    public void Clear() => _messages.Clear();

    /// <summary>Removes the last answer and the question before it. False if there is none.</summary>
    public bool Undo()
    {
        var question = _messages.FindLastIndex(message => message.Role == MessageRole.User);
        if (question < 0) return false;
        _messages.RemoveRange(question, _messages.Count - question);
        return true;
    }

    /// <summary>Removes the last answer, so that the question is asked again. False if there is none.</summary>
    public bool RemoveAnswer()
    {
        var question = _messages.FindLastIndex(message => message.Role == MessageRole.User);
        if (question < 0 || question == _messages.Count - 1) return question >= 0;
        _messages.RemoveRange(question + 1, _messages.Count - question - 1);
        return true;
    }

    /// <summary>Removes the oldest question with its answer. False if only the last question is left.</summary>
    public bool RemoveOldest()
    {
        var second = _messages.FindIndex(1, message => message.Role == MessageRole.User);
        if (_messages.Count < 2 || second < 0) return false;
        _messages.RemoveRange(0, second);
        return true;
    }

    /// <summary>The conversation as JSON: <c>{"messages": [...]}</c> in the form of OpenAI's API, as <c>archgen template --input</c> reads it.</summary>
    public string ToJson()
    {
        var messages = MessageJson.Messages(All, new MessageForm { HasParsedArguments = false });
        return new JsonObject { ["messages"] = messages }.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
    }

    /// <summary>Replaces the conversation by a saved one.</summary>
    /// <exception cref="RequestException">The text is no conversation.</exception>
    public void Read(string json)
    {
        var (system, messages) = MessageReader.Read(json);
        System = system;
        _messages.Clear();
        _messages.AddRange(messages);
    }
}
