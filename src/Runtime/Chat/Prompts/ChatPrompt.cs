namespace ArchGen.Chat.Prompts;

/// <summary>A conversation as the tokens that a model continues.</summary>
/// <param name="Text">What the template rendered.</param>
/// <param name="Tokens">Its tokens. Control tokens are read only in what the template wrote itself.</param>
/// <param name="Boundaries">Numbers of tokens after which another conversation may go on otherwise, ascending: ends of messages.</param>
/// <param name="StartsInThinking">Whether it ends within the model's thinking.</param>
public sealed record ChatPrompt(string Text, int[] Tokens, IReadOnlyList<int> Boundaries, bool StartsInThinking);
