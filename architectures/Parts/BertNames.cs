namespace ArchGen.Architectures;

/// <summary>The names of modules in checkpoints of BERT and DistilBERT; the prefix of a model with a head (<c>bert.</c>) is left out in each.</summary>
public static class BertNames
{
    public const string TokenEmbd = "embeddings.word_embeddings";
    public const string TokenTypes = "embeddings.token_type_embeddings";
    public const string PositionEmbd = "embeddings.position_embeddings";
    public const string TokenEmbdNorm = "embeddings.LayerNorm";
    public const string Layers = "encoder.layer.{i}|transformer.layer.{i}";
    public const string AttnQ = "attention.self.query|attention.q_lin";
    public const string AttnK = "attention.self.key|attention.k_lin";
    public const string AttnV = "attention.self.value|attention.v_lin";
    public const string AttnOutput = "attention.output.dense|attention.out_lin";
    public const string AttnOutputNorm = "attention.output.LayerNorm|sa_layer_norm";
    public const string FfnUp = "intermediate.dense|ffn.lin1";
    public const string FfnDown = "output.dense|ffn.lin2";
    public const string LayerOutputNorm = "output.LayerNorm|output_layer_norm";
}
