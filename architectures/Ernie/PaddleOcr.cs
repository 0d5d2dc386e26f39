namespace ArchGen.Architectures;

/// <summary>PaddleOCR-VL, the text model: ERNIE 4.5 with positions in time, height and width (arXiv:2510.14528), which on a text are the same.</summary>
[Architecture("paddleocr", Rope = RopeKind.HalfSplit)]
public partial class PaddleOcr : Decoder
{
    public partial class Layer : PreNormLayer, IAttention, IGatedFeedForward
    {
        protected override Tensor Attend(Tensor h) => SelfAttention.Of(this, h, Rotary, 1 / Sqrt(HeadDim));
        protected override Tensor FeedForward(Tensor h) => SwiGlu.Of(this, h);
    }
}

// Checkpoints.
[TextOf("PaddleOCRVLForConditionalGeneration")]
public partial class PaddleOcr;
