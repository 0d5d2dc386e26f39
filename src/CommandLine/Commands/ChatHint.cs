using ArchGen.Chat.Prompts;
using ArchGen.Runtime.Generation;
using ArchGen.Tokenizers;

namespace ArchGen.CommandLine.Commands;

/// <summary>The hint of <c>archgen run</c> if a chat model was given a text that is not a message, or a model generated nothing.</summary>
internal static class ChatHint
{
    private const string ChatMl = "<|im_start|>";

    /// <summary>The hint: what happened and what to do; null if there is no hint.</summary>
    /// <param name="model">The model.</param>
    /// <param name="prompt">The tokens it was given.</param>
    /// <param name="end">The token that ended the text before any other was generated; null otherwise.</param>
    /// <param name="isEmbedded">Whether it is the embedded model, whose text is then meaningless.</param>
    public static string? Of(LoadedModel model, int[] prompt, int? end, bool isEmbedded)
    {
        if (end is null && !isEmbedded) return null;
        var vocabulary = model.Tokenizer.Vocabulary;
        var isMessage = prompt.Any(id => id != vocabulary.Bos && vocabulary.Type(id) == TokenType.Control);
        var isAsked = !isMessage && model.File.Metadata.ContainsKey(ChatTemplate.MetadataKey);
        var happened = end is { } token ? $"The model generated nothing: it ended the text at once, with {vocabulary.Text(token)}." : "";
        if (!isAsked) return end is null ? null : $"{happened} Give it another text, or forbid such tokens with --ignore-eos.";
        var form = vocabulary.Find(ChatMl) is null
            ? "in the form of its tokenizer.chat_template (see 'archgen inspect'), with --parse-special"
            : $"as -e --parse-special -p \"{ChatMl}user\\nHello!<|im_end|>\\n{ChatMl}assistant\\n\"";
        var otherwise = end is null ? "A text that is none is continued as it is." : "Or let it continue the text as it is, with --ignore-eos.";
        return $"{happened} This is a chat model, which answers messages. Write one {form}. {otherwise}".TrimStart();
    }
}
