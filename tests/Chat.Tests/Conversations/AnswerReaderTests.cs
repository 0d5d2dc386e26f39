using ArchGen.Chat.Answers;
using ArchGen.Chat.Conversations;
using ArchGen.Chat.Formats;
using ArchGen.Fixtures;
using ArchGen.Gguf;
using ArchGen.Runtime.Generation;
using ArchGen.Runtime.Scheduling;
using ArchGen.Tokenizers;
using AnswerText = ArchGen.Chat.Answers.AnswerText;

namespace ArchGen.Chat.Tests.Conversations;

public sealed class AnswerReaderTests
{
    [Fact]
    public void Tokens_of_thinking_are_counted_as_tokens_however_their_text_is_divided()
    {
        using var file = GgufFile.Open(SharedFixtures.Local("models/stories260K.gguf"));
        var tokenizer = Tokenizer.FromMetadata(file.Metadata);
        var thinking = tokenizer.Encode("One day, a bird sang.</think>", addSpecial: false, parseSpecial: false);
        var answer = tokenizer.Encode("The end.", addSpecial: false, parseSpecial: false);
        var format = new AnswerFormat(new ThinkingFormat("<think>", "</think>"), ToolCalls: null);
        var reader = new AnswerReader(
            new AnswerParser(format, [], startsInThinking: true, () => ""), new FormatMarks(format, tokenizer.Vocabulary), tokenizer, stops: []);

        var updates = new List<ChatUpdate>();
        foreach (var token in thinking.Concat(answer)) reader.Add(new GenerationEvent(0, token, "", StopReason.None, default), updates);
        var eos = tokenizer.Vocabulary.Eos!.Value;
        reader.Add(new GenerationEvent(0, eos, "", StopReason.EndOfGeneration, new GenerationUsage(1, 0, thinking.Length + answer.Length + 1)), updates);

        Assert.Equal("The end.", string.Concat(updates.Select(update => update.Part).OfType<AnswerText>().Select(part => part.Text)).Trim());
        Assert.Equal(thinking.Length, updates[^1].Finish!.ReasoningTokens);
    }
}
