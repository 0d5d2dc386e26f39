namespace ArchGen.EndToEnd.Tests.Architectures;

/// <summary>How far results may be from the reference (NMSE): it reads GELU from a half-precision table.</summary>
internal static class Tolerance
{
    public static double Of(string recipe) => recipe is "gpt2" or "gemma3" or "t5" or "modern-bert" ? 1e-6 : 1e-8;
}
