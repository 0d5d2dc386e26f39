using System.Text.RegularExpressions;

namespace ArchGen.Generators.Tests.Scale;

/// <summary>
/// A project of many architectures: copies of those in <c>architectures/</c>, each set renamed as a whole, so that a variant's base is of its own set.
/// </summary>
internal static class ManyArchitectures
{
    /// <summary>
    /// The given number of architectures that run, bases before their variants, each set being a mix of all declared ones, after the files that they
    /// share.
    /// </summary>
    public static IReadOnlyList<SourceFile> Of(IReadOnlyList<SourceFile> files, int count)
    {
        var declared = files.Where(f => Name.IsMatch(f.Text)).ToList();
        var classes = declared.SelectMany(f => Declaration.Matches(f.Text)).Select(m => m.Groups["class"].Value).ToList();
        // A class may have a part in a file without its attribute.
        declared = [.. files.Where(f => Declaration.Matches(f.Text).Any(m => classes.Contains(m.Groups["class"].Value)))];
        var names = new Regex($@"\b({string.Join('|', classes)})\b");
        var ordered = declared.OrderBy(f => Bases(f, declared)).ThenBy(f => f.Path, StringComparer.Ordinal).ToList();
        return [.. files.Except(declared), .. Copies()];

        IEnumerable<SourceFile> Copies()
        {
            for (int i = 0, left = count; left > 0; i++)
            {
                var file = ordered[i % ordered.Count];
                if (!file.IsAbstract) left--;
                yield return Copy(file, i / ordered.Count);
            }
        }

        SourceFile Copy(SourceFile file, int set)
        {
            var text = names.Replace(file.Text, match => match.Value + Suffix(set));
            text = HuggingFace.Replace(text, match => match.Value + Suffix(set));
            return new SourceFile(Path.GetFileNameWithoutExtension(file.Path) + Suffix(set) + ".cs", Name.Replace(text, match => $"{match.Value}-{set}", 1));
        }
    }

    /// <summary>What the names of a set's classes end with.</summary>
    public static string Suffix(int set) => $"Of{set}";

    private static readonly Regex Declaration = new(@"^public (?:\w+ )*class (?<class>\w+)(?: : (?<base>\w+))?", RegexOptions.Multiline);

    private static readonly Regex Name = new(@"(?<=\[Architecture\("")[^""]+");

    private static readonly Regex HuggingFace = new(@"(?<=(?:HuggingFace|TextOf)\([^)]*"")\w+(?="")|(?<=For = ""[\w|]*)\b\w+");

    /// <summary>How many architectures a file's architecture derives from.</summary>
    private static int Bases(SourceFile file, IReadOnlyList<SourceFile> declared)
    {
        var match = Declaration.Match(file.Text);
        var parent = declared.FirstOrDefault(f => Declaration.Matches(f.Text).Any(m => m.Groups["class"].Value == match.Groups["base"].Value));
        return parent is null ? 0 : 1 + Bases(parent, declared);
    }
}
