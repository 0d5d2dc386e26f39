using ArchGen.Eager;
using ArchGen.Loading;

namespace ArchGen.EndToEnd.Tests.Architectures;

/// <summary>Where llama.cpp computes another model than the author's: what docs/differences.md says is the whole difference.</summary>
public sealed class DifferenceTests
{
    [Fact]
    public void Phi_3_5_MoE_with_RMS_norm_softmax_and_no_window_is_that_of_llama_cpp()
    {
        using var model = new RecipeModel("phimoe", "differences");
        // The reference's context, beyond the trained one: it took the long factors.
        ((DecoderModel)model.Model).SequenceLength = 256;
        var source = new GgufModelSource(model.File);
        var interpreter = new GraphInterpreter(model.File)
        {
            Sabotage = step => step.Op switch
            {
                Op.LayerNorm => step with { Op = Op.RmsNorm, Inputs = [step.Inputs[0], step.Inputs[1]] },
                Op.SparseMixer => step with { Op = Op.Softmax, Inputs = [Compute(Op.Gather, step.Inputs[1]!.Dims, step.Inputs)] },
                Op.Attention => step with { Attributes = new([.. step.Attributes.Values.ToArray().Where(a => a.Key != Attr.Window), (Attr.Window, 0)]) },
                _ => step,
            },
            Adjust = (node, result) => node.Op == Op.LayerNorm
                ? Compute(Op.Add, result.Dims, [result, new Operand(source.Read(node.Inputs[2]!.Name), [result.Width])])
                : result,
        };
        var error = model.Error(interpreter);
        Assert.True(error <= 1e-8, $"NMSE {error:E2}");
        Assert.True(model.Error(new GraphInterpreter(model.File)) > 0.1);
    }

    private static Operand Compute(Op op, int[] dims, Operand?[] inputs) => Reference.Run(op, default, inputs, dims, [.. Enumerable.Range(0, dims[0])]);
}
