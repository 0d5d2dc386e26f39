using ArchGen;
using ArchGen.Extensions.AI;
using ArchGen.Samples;

// dotnet run --project samples -- chat model.gguf "Why is the sky blue?"
if (args is not [var name, var model, var text] || !Samples.All.TryGetValue(name, out var sample))
{
    Console.Error.WriteLine($"Usage: samples {string.Join('|', Samples.All.Keys)} MODEL TEXT");
    return 1;
}

try
{
    using var service = new ArchGenService(new ArchGenOptions { ModelPath = model });
    await sample(service, text, Console.Out);
    return 0;
}
catch (ArchGenException error)
{
    Console.Error.WriteLine(error.Message);
    return 1;
}
