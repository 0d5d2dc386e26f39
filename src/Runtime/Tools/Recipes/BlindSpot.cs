namespace ArchGen.Tools.Recipes;

/// <summary>A mistake that a recipe's results cannot show, as the recipe itself states.</summary>
/// <param name="Mutation">The mistake: <c>clamp dropped</c>.</param>
/// <param name="Place">The nodes, with <c>*</c> for a block's number.</param>
/// <param name="Reason">Why nothing shows it.</param>
public sealed record BlindSpot(string Mutation, string Place, string Reason);
