using System.Text.Json;

namespace ArchGen.Chat.Messages;

/// <summary>A tool that a model may call.</summary>
/// <param name="Name">Its name: letters, digits, <c>_</c>, <c>-</c> and <c>.</c>.</param>
/// <param name="Description">What it does, for the model; null if it has none.</param>
/// <param name="Parameters">The JSON schema of its arguments, which are an object.</param>
public sealed record ToolDefinition(string Name, string? Description, JsonElement Parameters);
