using System.Text.Json;
using ArchGen.Server.Http;

namespace ArchGen.Server.OpenAI;

/// <summary>Refuses what would change an answer and cannot be done. All that is not named here or read elsewhere is ignored, as clients expect.</summary>
internal static class RefusedFields
{
    private static readonly (string Name, string Advice)[] Always =
    [
        ("prompt_logprobs", "probabilities of the prompt are not computed. Leave it out."),
        ("use_beam_search", "answers are sampled. Leave it out."),
        ("min_tokens", "an answer may end at any time. Use ignore_eos with max_tokens."),
        ("bad_words", "forbid tokens by logit_bias."),
        ("allowed_token_ids", "use structured_outputs or grammar."),
        ("truncate_prompt_tokens", "a prompt is never cut. Shorten it before."),
        ("t_max_predict_ms", "limit the answer by max_tokens."),
    ];

    private static readonly (string Name, string Advice)[] OfChats =
    [
        ("functions", "its successor is 'tools'."),
        ("function_call", "its successor is 'tool_choice'."),
        ("audio", "the model speaks no audio. Leave it out."),
        ("web_search_options", "this server searches nothing. Give a tool of your own."),
        ("stop_token_ids", "give the texts at which to stop in 'stop'."),
        ("include_stop_str_in_output", "a stop text is no part of an answer. Append it yourself."),
    ];

    /// <summary>Checks a request of a completion.</summary>
    /// <exception cref="RequestException">It asks for something that cannot be done.</exception>
    public static void Check(in JsonFields fields)
    {
        foreach (var (name, advice) in Always) Refuse(fields, name, advice);
    }

    /// <summary>Checks a request of an answer in a conversation.</summary>
    /// <exception cref="RequestException">It asks for something that cannot be done.</exception>
    public static void CheckChat(in JsonFields fields)
    {
        Check(fields);
        foreach (var (name, advice) in OfChats) Refuse(fields, name, advice);
        if (fields.Flag("parse_tool_calls") == false) throw fields.Unsupported("parse_tool_calls", "calls are always read. Leave out the tools.");
        foreach (var modality in fields.Texts("modalities") ?? [])
        {
            if (modality != "text") throw fields.Unsupported("modalities", $"the model gives no {modality}. Ask for text.");
        }
    }

    // A value that means "no" asks for nothing.
    private static void Refuse(in JsonFields fields, string name, string advice)
    {
        if (fields.Any(name) is not { } value) return;
        var isNothing = value.ValueKind switch
        {
            JsonValueKind.False => true,
            JsonValueKind.Number => value.GetDouble() <= 0,
            JsonValueKind.Array => value.GetArrayLength() == 0,
            JsonValueKind.String => value.GetString() is "" or "none",
            _ => false,
        };
        if (!isNothing) throw fields.Unsupported(name, advice);
    }
}
