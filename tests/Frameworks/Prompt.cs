using System.Text.Json;

namespace ArchGen.Frameworks;

/// <summary>Quill's prompt, whose logits its author recorded; and whether a test is told to fail, to see what its framework shows.</summary>
internal static class Prompt
{
    /// <summary>The checkpoint, seen from a test's source.</summary>
    public const string Checkpoint = "../../../docs/tutorial/quill";

    /// <summary>The token ids.</summary>
    public static int[] Tokens([System.Runtime.CompilerServices.CallerFilePath] string sourceFile = "") =>
        JsonSerializer.Deserialize<int[]>(File.ReadAllText(Path.Combine(Path.GetDirectoryName(sourceFile)!, Checkpoint, "tokens.json")))!;

    /// <summary>Whether a difference is to be a failure rather than expected.</summary>
    public static bool IsToFail { get; } = Environment.GetEnvironmentVariable("ARCHGEN_FRAMEWORKS_FAIL") == "1";
}
