using System.Globalization;
using ArchGen.Architectures;
using ArchGen.Benchmarks.Conversations;
using ArchGen.Runtime.Generation;

// What conversations cost. A second turn beside its new tokens alone; memory over many requests; drafts from the text.
//   dotnet run -c Release --project benchmarks/Conversations -- turns MODEL [TOKENS [NEW]]
//   dotnet run -c Release --project benchmarks/Conversations -- soak MODEL [REQUESTS]
//   dotnet run -c Release --project benchmarks/Conversations -- drafts MODEL TEXT
if (args is not [var command, var path, .. var rest] || command is not ("turns" or "soak" or "drafts"))
{
    Console.Error.WriteLine("turns MODEL [TOKENS [NEW]]; soak MODEL [REQUESTS]; drafts MODEL TEXT");
    return 1;
}

using var model = LoadedModel.Open(path, Catalog.All);
switch (command)
{
    case "turns":
        await Turns.RunAsync(model, Number(0, 4000), Number(1, 60));
        break;
    case "soak":
        await Soak.RunAsync(model, Number(0, 10_000));
        break;
    default:
        Drafts.Run(model, File.ReadAllText(rest[0]));
        break;
}

return 0;

int Number(int index, int usual) => index < rest.Length ? int.Parse(rest[index], CultureInfo.InvariantCulture) : usual;
