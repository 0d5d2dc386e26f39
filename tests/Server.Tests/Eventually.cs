namespace ArchGen.Server.Tests;

/// <summary>Waits for a condition that another thread makes true; the test's own timeout bounds it.</summary>
internal static class Eventually
{
    public static async Task TrueAsync(Func<bool> condition)
    {
        while (!condition()) await Task.Delay(5, TestContext.Current.CancellationToken);
    }

    public static async Task TrueAsync(Func<Task<bool>> condition)
    {
        while (!await condition()) await Task.Delay(5, TestContext.Current.CancellationToken);
    }
}
