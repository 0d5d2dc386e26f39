// Compiles the shaders of Glsl into Compiled/shaders.pack, and writes Compiled/shaders.lock:
//   dotnet run -c Release --project eng/CompileShaders
// glslc is needed, of 2025.2 or later: eng/get-glslc.sh unpacks it. The variable GLSLC names it where it is not on the path.

using System.Diagnostics;
using System.Runtime.CompilerServices;
using ArchGen;
using ArchGen.Vulkan.Modules;

var folder = Path.Combine(Folder(), "../../src/Shaders");
var glsl = Path.Combine(folder, "Glsl");
var compiled = Path.Combine(folder, "Compiled");
var compiler = Environment.GetEnvironmentVariable("GLSLC") ?? "glslc";
var pack = Path.Combine(compiled, "shaders.pack");
var modules = new (string Name, byte[] Module)[ShaderTable.All.Count];
var lines = new string[modules.Length];
var failed = false;

Parallel.For(0, modules.Length, i =>
{
    var variant = ShaderTable.All[i];
    var target = Path.GetTempFileName();
    var arguments = new List<string> { "--target-env=vulkan1.2", "-O0", "-I", glsl, "-o", target };
    arguments.AddRange(variant.Defines.Select(define => $"-D{define}"));
    arguments.Add(Path.Combine(glsl, variant.Source));
    using var process = Process.Start(new ProcessStartInfo(compiler, arguments) { RedirectStandardError = true })!;
    var messages = process.StandardError.ReadToEnd();
    process.WaitForExit();
    if (process.ExitCode != 0)
    {
        Console.Error.WriteLine($"{variant.Name}:\n{messages}");
        failed = true;
        return;
    }

    modules[i] = (variant.Name, File.ReadAllBytes(target));
    PointerAlignment.Raise(modules[i].Module);
    lines[i] = ShaderLock.Line(variant, ShaderLock.SourceHash(glsl, variant), modules[i].Module);
    File.Delete(target);
});

if (failed) return 1;
using (var stream = File.Create(pack)) ShaderPack.Write(stream, modules);
File.WriteAllText(Path.Combine(compiled, "shaders.lock"), string.Join('\n', lines) + "\n");
Console.WriteLine($"{modules.Length} shaders, {modules.Sum(m => m.Module.Length) >> 10} KiB, {new FileInfo(pack).Length >> 10} KiB compressed");
return 0;

static string Folder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
