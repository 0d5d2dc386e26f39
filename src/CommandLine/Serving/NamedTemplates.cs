using ArchGen.Chat.Prompts;

namespace ArchGen.CommandLine.Serving;

/// <summary>Chat templates by the names that llama.cpp has for them, each written in Jinja from the form of its conversations.</summary>
internal static class NamedTemplates
{
    // Each message in a frame of two texts, then the beginning of the answer.
    private static readonly Dictionary<string, string> Templates = new(StringComparer.Ordinal)
    {
        ["chatml"] = ChatTemplate.ChatMl,
        ["llama3"] = """
            {%- for message in messages %}
            {{- '<|start_header_id|>' + message.role + '<|end_header_id|>\n\n' + message.content | trim + '<|eot_id|>' }}{% endfor %}
            {%- if add_generation_prompt %}{{ '<|start_header_id|>assistant<|end_header_id|>\n\n' }}{% endif %}
            """,
        ["command-r"] = """
            {%- set names = {'system': 'SYSTEM', 'user': 'USER', 'assistant': 'CHATBOT'} %}
            {%- for message in messages %}
            {{- '<|START_OF_TURN_TOKEN|><|' + names.get(message.role, 'USER') + '_TOKEN|>' + message.content | trim + '<|END_OF_TURN_TOKEN|>' }}{% endfor %}
            {%- if add_generation_prompt %}{{ '<|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>' }}{% endif %}
            """,
        ["phi3"] = """
            {%- for message in messages %}{{ '<|' + message.role + '|>\n' + message.content + '<|end|>\n' }}{% endfor %}
            {%- if add_generation_prompt %}{{ '<|assistant|>\n' }}{% endif %}
            """,
        ["zephyr"] = """
            {%- for message in messages %}{{ '<|' + message.role + '|>\n' + message.content + '<|endoftext|>\n' }}{% endfor %}
            {%- if add_generation_prompt %}{{ '<|assistant|>\n' }}{% endif %}
            """,
        ["gemma"] = """
            {%- set held = namespace(text='') %}
            {%- for message in messages %}
            {%- if message.role == 'system' %}{% set held.text = held.text + message.content | trim + '\n\n' %}
            {%- else %}
            {{- '<start_of_turn>' + ('model' if message.role == 'assistant' else 'user') + '\n' + held.text + message.content | trim + '<end_of_turn>\n' }}
            {%- set held.text = '' %}{% endif %}{% endfor %}
            {%- if add_generation_prompt %}{{ '<start_of_turn>model\n' }}{% endif %}
            """,
        ["vicuna"] = """
            {%- for message in messages %}
            {%- if message.role == 'system' %}{{ message.content + '\n\n' }}
            {%- elif message.role == 'user' %}{{ 'USER: ' + message.content + '\n' }}
            {%- else %}{{ 'ASSISTANT: ' + message.content + '</s>\n' }}{% endif %}{% endfor %}
            {%- if add_generation_prompt %}{{ 'ASSISTANT:' }}{% endif %}
            """,
        ["llama2-sys"] = """
            {%- set held = namespace(text='') %}
            {%- for message in messages %}
            {%- if message.role == 'system' %}{% set held.text = '<<SYS>>\n' + message.content + '\n<</SYS>>\n\n' %}
            {%- elif message.role == 'user' %}{{ '[INST] ' + held.text + message.content + ' [/INST]' }}{% set held.text = '' %}
            {%- else %}{{ message.content + '</s>' }}{% endif %}{% endfor %}
            """,
        ["mistral-v7"] = """
            {%- for message in messages %}
            {%- if message.role == 'system' %}{{ '[SYSTEM_PROMPT] ' + message.content + '[/SYSTEM_PROMPT]' }}
            {%- elif message.role == 'user' %}{{ '[INST] ' + message.content + '[/INST]' }}
            {%- else %}{{ ' ' + message.content + '</s>' }}{% endif %}{% endfor %}
            """,
    };

    /// <summary>The names.</summary>
    public static IReadOnlyCollection<string> Names => Templates.Keys;

    /// <summary>The template of a name; null if there is none.</summary>
    public static string? Find(string name) => Templates.GetValueOrDefault(name);
}
