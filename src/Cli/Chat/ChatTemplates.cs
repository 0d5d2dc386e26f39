using ArchGen.Chat.Prompts;
using ArchGen.Runtime.Generation;

namespace ArchGen.Cli.Chat;

/// <summary>The chat template of a model that has none of its own.</summary>
internal static class ChatTemplates
{
    // The form that Wren was trained on, and many models that leave their template out.
    private const string ChatMl = """
        {%- for message in messages %}<|im_start|>{{ message.role }}
        {{ message.content }}<|im_end|>
        {% endfor %}
        {%- if add_generation_prompt %}<|im_start|>assistant
        {% endif %}
        """;

    /// <summary>A template for a model; null for its own.</summary>
    /// <exception cref="RequestException">It has none, and does not know ChatML.</exception>
    public static string? Otherwise(LoadedModel model)
    {
        if (model.File.Metadata.ContainsKey(ChatTemplate.MetadataKey)) return null;
        if (model.Tokenizer.Vocabulary.Find("<|im_start|>") is not null) return ChatMl;
        throw new RequestException($"{model.File.Name} has no chat template ({ChatTemplate.MetadataKey}): it was not trained to converse. "
            + "Let it continue a text with 'archgen run', or give a template with --chat-template-file.");
    }
}
