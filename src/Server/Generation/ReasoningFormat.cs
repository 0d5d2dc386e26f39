namespace ArchGen.Server.Generation;

/// <summary>Where an answer has what the model thought.</summary>
public enum ReasoningFormat
{
    /// <summary>In a field of its own, as DeepSeek's API has it.</summary>
    Field,

    /// <summary>In the text, between the model's own marks.</summary>
    Text,

    /// <summary>In both.</summary>
    Both,

    /// <summary>Nowhere.</summary>
    Hidden,
}
