using System.CommandLine;

namespace ArchGen.CommandLine.Options;

/// <summary>Options whose value is one of some names.</summary>
internal static class ChoiceOption
{
    /// <summary>Takes only these names; help shows them.</summary>
    public static TOption OneOf<TOption>(this TOption option, params string[] names) where TOption : Option
    {
        option.CompletionSources.Add(names);
        option.Validators.Add(result =>
        {
            if (result.Tokens.Select(t => t.Value).FirstOrDefault(value => !names.Contains(value)) is not { } wrong) return;
            var nearest = Spelling.Nearest(wrong.ToLowerInvariant(), names);
            result.AddError($"{option.Name} is '{wrong}', expected one of {string.Join(", ", names)}.{(nearest is null ? "" : $" Did you mean {nearest}?")}");
        });
        return option;
    }
}
