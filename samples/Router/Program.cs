using ArchGen.Samples.Router.Proxy;
using ArchGen.Samples.Router.Simulation;

// dotnet run --project samples/Router -- --replica http://10.0.0.1:8080 --replica http://10.0.0.2:8080
// dotnet run --project samples/Router -- simulate --svg curve.svg
try
{
    if (args is ["simulate", .. var rest])
    {
        SimulateCommand.Run(rest, Console.Out);
        return 0;
    }

    if (args.Contains("--help") || args.Contains("-h"))
    {
        Console.Out.WriteLine(RouterArguments.Help);
        return 0;
    }

    await using var application = RouterApplication.Create(RouterArguments.Read(args));
    await application.RunAsync();
    return 0;
}
catch (Exception error) when (error is FormatException or IOException)
{
    Console.Error.WriteLine($"router: {error.Message}");
    return 1;
}
