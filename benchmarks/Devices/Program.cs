using System.Diagnostics;
using System.Globalization;
using ArchGen.Architectures;
using ArchGen.Gguf;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Generation;
using ArchGen.Vulkan.Devices;
using ArchGen.Vulkan.Execution;
using ArchGen.Vulkan.Modules;

// The start of a model on a graphics device, and what it costs the processor to record a token's shaders:
//   dotnet run -c Release --project benchmarks/Devices -- MODEL [DEVICE]
const int Runs = 50;
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args.Length == 0)
{
    Console.Error.WriteLine("Usage: dotnet run -c Release --project benchmarks/Devices -- MODEL [DEVICE]");
    return 2;
}

var device = args.Length < 2 ? VulkanDevice.All[0] : VulkanDevice.All.First(d => d.Id == args[1]);
using var model = new LoadedModel(GgufFile.Open(args[0]), Catalog.All);
var parts = new List<CompiledPart>();
var start = Stopwatch.GetTimestamp();
var opened = device.Open();
var openedIn = Stopwatch.GetElapsedTime(start);
using var context = model.CreateContext(new ContextOptions { Backend = new VulkanBackend(device) { Compiled = parts.Add }, ContextLength = 64 });
var contextIn = Stopwatch.GetElapsedTime(start) - openedIn;
var firstIn = Token(0);
Console.WriteLine($"{device.Name}: opened in {Text(openedIn)}; context with {opened.Pipelines.Count} pipelines in {Text(contextIn)}");
Console.WriteLine($"first token {Text(firstIn)}, next {Text(Token(1))}");

// Recorded as for a token, submitted between the measurements.
using var frame = new Frame(1) { TokenCount = 1, OutputCount = 1, SpanCount = 1 };
frame.Spans[0] = new SequenceSpan(0, 0, 1);
var last = parts[^1];
var queue = last.Session.Queue;
var before = queue.Recorded;
var barriers = 0;
var (afterToken, all) = Best(Record);
var dispatches = (queue.Recorded - before) / (2 * Runs);
var ofBarriers = Best(() =>
{
    for (var i = 0; i < barriers; i++) queue.Barrier();
}).Again;
using var recorder = new StepRecorder(last.Session);
var (again, _) = Best(() => recorder.Run(last.Steps, frame, default), isRepeated: false);
var pipeline = opened.Pipelines.Get("copy", () => ShaderPack.Current.Words("copy"), 64, 0).Handle;
var push = new byte[LogicalDevice.PushBytes];
var ofDriver = Best(() =>
{
    for (var i = 0; i < dispatches; i++) queue.Dispatch(pipeline, push, 1, 1, 1);
}).Again;
Console.WriteLine($"{dispatches} dispatches and {barriers} barriers a token are recorded in {afterToken:F0} us, {afterToken / dispatches:F3} us a dispatch, "
    + $"with what they need in the processor's caches in {all:F0} us, {all / dispatches:F3} us a dispatch; "
    + $"as many of one shader without barriers in {ofDriver:F0} us, the barriers alone in {ofBarriers:F0} us");
Console.WriteLine($"commands that are there from the token before are submitted in {again:F0} us, {again / dispatches:F3} us a dispatch");
return 0;

void Record()
{
    barriers = 0;
    foreach (var group in last.Steps.Groups)
    {
        var recorded = queue.Recorded;
        foreach (var step in group) step.Record(queue, frame);
        if (queue.Recorded == recorded) continue;
        queue.Barrier();
        barriers++;
    }
}

// In microseconds, of what is recorded and not yet submitted: after a token, for which a software device needs the processor's caches, and once more.
(double First, double Again) Best(Action record, bool isRepeated = true)
{
    var (first, again) = (double.MaxValue, double.MaxValue);
    for (var run = 0; run < Runs; run++)
    {
        queue.Wait();
        // The buffer begins outside of the measurement.
        if (isRepeated) queue.Commands();
        var begin = Stopwatch.GetTimestamp();
        record();
        var middle = Stopwatch.GetTimestamp();
        if (isRepeated) record();
        first = Math.Min(first, Stopwatch.GetElapsedTime(begin, middle).TotalMicroseconds);
        again = Math.Min(again, Stopwatch.GetElapsedTime(middle).TotalMicroseconds);
    }

    queue.Wait();
    return (first, again);
}

TimeSpan Token(int position)
{
    var batch = new Batch();
    batch.Add(1, position, 0, wantOutput: true);
    var begin = Stopwatch.GetTimestamp();
    context.Evaluate(batch);
    return Stopwatch.GetElapsedTime(begin);
}

static string Text(TimeSpan time) => $"{time.TotalMilliseconds:F0} ms";
