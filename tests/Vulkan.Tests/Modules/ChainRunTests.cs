using System.Numerics;
using ArchGen.Cpu.Steps;
using ArchGen.Runtime.Elementwise;
using ArchGen.Vulkan.Devices;
using ArchGen.Vulkan.Execution;
using ArchGen.Vulkan.Modules;

namespace ArchGen.Vulkan.Tests.Modules;

/// <summary>Chains on a device, against the processor.</summary>
public sealed class ChainRunTests
{
    private const int Rows = 5, Heads = 3, Width = 50;

    public static TheoryData<Op> Operations => [.. Chains.All];

    [Theory, MemberData(nameof(Operations))]
    public void Every_operation_is_the_processors(Op op)
    {
        using var floats = new DeviceFloats();
        var random = new Random((int)op);
        foreach (var layout in Enum.GetValues<ElementwiseLayout>())
        {
            // The last place of a half that tanh decides may be another.
            var error = Run(floats, Chains.Of(op), layout, random, op is Op.Sqrt or Op.Divide ? 0.1 : -6, 6);
            Assert.True(error <= (op == Op.GeluTable ? 1e-9 : 1e-12), $"{layout}: {error}");
        }
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void Random_chains_are_the_processors(int leaves)
    {
        using var floats = new DeviceFloats();
        var random = new Random(leaves);
        for (var length = 1; length < 9; length++)
        {
            var chain = Chains.Random(random, Chains.Tame, leaves, length);
            var error = Run(floats, chain, (ElementwiseLayout)(length % 3), random, -4, 4);
            Assert.True(error <= 1e-12, $"{chain.Key}: {error}");
        }
    }

    [Theory, InlineData("begin", 1), InlineData("finish", 1), InlineData("finish", 3)]
    public void Chains_in_holes_are_the_processors(string name, int heads)
    {
        using var floats = new DeviceFloats();
        var random = new Random(9);
        for (var length = 1; length < 7; length++)
        {
            var chain = Chains.Random(random, Chains.Tame, 1 + (length % 4), length);
            var error = RunHole(floats, new ChainHole(name, chain, heads), random);
            Assert.True(error <= 1e-12, $"{chain.Key}: {error}");
        }
    }

    private static double Run(DeviceFloats floats, Chain chain, ElementwiseLayout layout, Random random, double from, double to)
    {
        // Flat: all dense. Rows: the first with gaps, others broadcast over rows. Heads: others broadcast over heads or within them.
        var memory = new List<MemoryRange>();
        var views = new List<ValueView>();
        for (var i = 0; i < chain.Operands.Count; i++)
        {
            memory.Add(floats.New(Rows * Heads * (Width + 2)));
            foreach (ref var x in DeviceFloats.Of<float>(memory[i])) x = (float)(from + (random.NextDouble() * (to - from)));
            var dense = new ValueView(memory[i].Address, Heads, Width, Heads * Width, Width);
            views.Add((layout, i) switch
            {
                (ElementwiseLayout.Flat, _) => dense,
                (ElementwiseLayout.Rows, 0) => dense with { RowStride = (Heads * Width) + 2 },
                (ElementwiseLayout.Rows, _) => dense with { RowStride = 0 },
                (_, 0) => dense with { RowStride = Heads * (Width + 2), HeadStride = Width + 2 },
                (_, 1) => dense with { HeadStride = 0, RowStride = Width },
                _ => dense with { RowStride = Heads, HeadStride = 1, WidthStride = 0 },
            });
        }

        var y = floats.New(Rows * Heads * Width);
        DeviceFloats.Of<float>(y).Fill(float.NaN);
        var call = new ElementwiseCall([.. views], new ValueView(y.Address, Heads, Width, Heads * Width, Width));
        Assert.Equal(layout, call.Layout);
        byte[] push = [.. call.Push.ToBytes()];
        BitConverter.TryWriteBytes(push, Rows);
        var pipeline = floats.Device.Pipelines.Get(ElementwiseKernel.Key(chain, layout), () => ElementwiseKernel.Write(chain, layout), 64).Handle;
        // Fewer invocations than elements, which go on to others.
        floats.Queue.Dispatch(pipeline, push, 2, 1, 1);
        floats.Queue.Wait();
        return Error(y, i =>
        {
            var (row, head, column) = (i / (Heads * Width), i / Width % Heads, i % Width);
            return OfProcessor(chain, o => DeviceFloats.Of<float>(memory[o])[
                (int)((row * views[o].RowStride) + (head * views[o].HeadStride) + (column * views[o].WidthStride))]);
        });
    }

    private static double RunHole(DeviceFloats floats, ChainHole hole, Random random)
    {
        const int Columns = 70;
        var (name, chain, rows) = (hole.Name, hole.Chain, Rows * hole.Heads);
        var memory = Enumerable.Range(0, chain.Operands.Count).Select(_ => floats.New(rows * Columns)).ToArray();
        foreach (var range in memory)
        {
            foreach (ref var x in DeviceFloats.Of<float>(range)) x = (float)((random.NextDouble() * 6) - 3);
        }

        // Of other operands the first is dense, the second has one element for each row, and the third one for each head and column.
        (int Row, int Head, int Column) Strides(int operand) =>
            operand <= 1 ? (hole.Heads * Columns, Columns, 1) : operand == 2 ? (1, 0, 0) : (0, Columns, 1);
        MemoryRange extras = floats.New(6 * chain.Operands.Count), y = floats.New(rows * Columns);
        for (var i = 1; i < memory.Length; i++)
        {
            DeviceFloats.Of<ulong>(extras)[3 * (i - 1)] = memory[i].Address;
            var strides = DeviceFloats.Of<int>(extras)[((6 * (i - 1)) + 2)..];
            (strides[0], strides[1], strides[2]) = Strides(i);
        }

        var module = new SpirvModule(ChainHoleTests.Shader);
        hole.Fill(module);
        var pipeline = floats.Device.Pipelines.Get($"hole {hole.Key}", module.ToWords).Handle;
        byte[] push =
        [
            .. BitConverter.GetBytes(memory[0].Address), .. BitConverter.GetBytes(y.Address), .. BitConverter.GetBytes(extras.Address),
            .. BitConverter.GetBytes(rows), .. BitConverter.GetBytes(Columns),
        ];
        floats.Queue.Dispatch(pipeline, push, (uint)(rows * Columns / 64) + 1, 1, 1);
        floats.Queue.Wait();
        // The shader doubles what it reads before finish, and what begin gives after it.
        return Error(y, i =>
        {
            var first = DeviceFloats.Of<float>(memory[0])[i] * (name == "finish" ? 2 : 1);
            var (row, head, column) = (i / Columns / hole.Heads, i / Columns % hole.Heads, i % Columns);
            var value = OfProcessor(chain, o => o == 0
                ? first : DeviceFloats.Of<float>(memory[o])[(row * Strides(o).Row) + (head * Strides(o).Head) + (column * Strides(o).Column)]);
            return name == "finish" ? value : 2 * value;
        });
    }

    private static float OfProcessor(Chain chain, Func<int, float> operand)
    {
        Lanes[] lanes = [.. Enumerable.Range(0, chain.Operands.Count).Select(i => new Lanes(new Vector<float>(operand(i))))];
        return chain.Apply<Lanes>(lanes).Value[0];
    }

    private static double Error(MemoryRange y, Func<int, float> expected)
    {
        double difference = 0, magnitude = 1e-30;
        var actual = DeviceFloats.Of<float>(y);
        for (var i = 0; i < actual.Length; i++)
        {
            var e = expected(i);
            difference += Math.Pow(actual[i] - e, 2);
            magnitude += Math.Pow(e, 2);
        }

        return difference / magnitude;
    }
}
