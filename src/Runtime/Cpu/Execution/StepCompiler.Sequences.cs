using ArchGen.Cpu.Steps;
using ArchGen.Graphs;
using ArchGen.Runtime.Planning;

namespace ArchGen.Cpu.Execution;

/// <content>Operations on positions and sequences.</content>
internal sealed unsafe partial class StepCompiler
{
    private RopeStep Rotate(Rotation step) => new(
        step.Node, memory.View(step.X), memory.View(step.Result), (RopeKind)step.Node.Attributes.Int32(Attr.Kind), step.Table.Pairs,
        Scratch<float>(step.Table, 0));

    private AttentionStep Attend(AttentionOperation step)
    {
        var (node, window) = (step.Node, step.Node.Attributes.Int32(Attr.Window));
        KeySource source = step.Origin switch
        {
            KeyOrigin.Batch => new BatchKeys(window),
            KeyOrigin.Encoder => new EncoderKeys(),
            _ => new CachedKeys(session.Memory.Cells, session.Memory.Layer(step.Cache!), window),
        };
        var buckets = step.Bias is null ? 0 : step.Bias.Heads;
        var scores = new AttentionScores(node.Attributes, step.Query.Heads, (float*)memory.Data(step.Bias), buckets, (float*)memory.Data(step.Sinks));
        return new AttentionStep(
            node, memory.View(step.Query), memory.View(step.Key), memory.View(step.Value), memory.View(step.Result), scores, source, step.Stores,
            Scratch<float>(step, 0), session.Target);
    }

    private Step Carry(Operation step)
    {
        var (node, y) = (step.Node, memory.View(step.Result));
        switch (node.Op)
        {
            case Op.Temperature:
                return new TemperatureStep(node, View(step, Slot.Query), y, new PositionTemperature(node.Attributes));
            case Op.CausalConv:
                var weight = View(step, Slot.Weight);
                return new CausalConvStep(
                    node, View(step, Slot.X), Transposed(weight), weight.Width, (float*)memory.Data(step.Find(Slot.Bias)),
                    session.Memory.State(step.State!), y);
            case Op.SelectiveScan:
                return new SelectiveScanStep(
                    node, View(step, Slot.X), View(step, Slot.TimeStep), View(step, Slot.A).Data, View(step, Slot.B), View(step, Slot.C),
                    session.Memory.State(step.State!), y);
            default:
                return new GatedDeltaRuleStep(
                    node, View(step, Slot.Query), View(step, Slot.Key), View(step, Slot.Value), View(step, Slot.Decay), View(step, Slot.Beta),
                    session.Memory.State(step.State!), y);
        }
    }

    private TensorView View(Operation step, Slot slot) => memory.View(step[slot]);

    // The kernel reads the weights of one time step for all channels together. They are constants, which are already computed.
    private float* Transposed(TensorView x)
    {
        var y = (float*)memory.Allocate((long)x.ElementsPerRow * sizeof(float));
        for (var i = 0; i < x.Heads; i++)
        {
            for (var j = 0; j < x.Width; j++) y[((long)j * x.Heads) + i] = x.Row(0, i)[j];
        }

        return y;
    }
}
