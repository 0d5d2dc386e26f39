namespace ArchGen.Tools.Recipes;

/// <summary>An expected survivor: a mutant that, as the recipe states, its results cannot kill.</summary>
/// <param name="Mutation">The mutation, such as <c>clamp dropped</c>.</param>
/// <param name="Place">The nodes, with <c>*</c> for a layer's number.</param>
/// <param name="Reason">The reason why it survives.</param>
public sealed record BlindSpot(string Mutation, string Place, string Reason);
