using System.Text.Json;
using ArchGen.Architectures;
using ArchGen.Chat.Conversations;
using ArchGen.Chat.Messages;
using ArchGen.Chat.Prompts;
using ArchGen.Cpu.Execution;
using ArchGen.Cpu.Kernels;
using ArchGen.Cpu.Threading;
using ArchGen.Eager;
using ArchGen.Extensions.AI;
using ArchGen.Fixtures;
using ArchGen.Formats;
using ArchGen.Gguf;
using ArchGen.Gguf.Checkpoints;
using ArchGen.Gguf.Safetensors;
using ArchGen.Grammars;
using ArchGen.Graphs;
using ArchGen.Runtime.Adapters;
using ArchGen.Runtime.Backends;
using ArchGen.Runtime.Embeddings;
using ArchGen.Runtime.Execution;
using ArchGen.Runtime.Generation;
using ArchGen.Runtime.Scheduling;
using ArchGen.Templates;
using ArchGen.Tokenizers;
using ArchGen.Tokenizers.HuggingFace;
using ArchGen.Testing;
using ArchGen.Tools.Adapters;
using ArchGen.Tools.Comparison;
using ArchGen.Tools.Conversion;
using ArchGen.Tools.Measurement;
using ArchGen.Tools.ModelFiles;
using ArchGen.Tools.Mutations;
using ArchGen.Tools.Quantization.Mixes;
using ArchGen.Tools.Quantization.Plan;
using ArchGen.Tools.Recipes;
using ArchGen.Tools.Scaffolding;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ArchGen.PublicApi.Tests.Arguments;

/// <summary>How a value of a type is made that no constructor makes from simple values.</summary>
internal static class Factories
{
    /// <summary>By the type.</summary>
    public static IReadOnlyDictionary<Type, Func<Values, object>> All { get; } = new Dictionary<Type, Func<Values, object>>
    {
        [typeof(Dim)] = _ => (Dim)4,
        [typeof(Shape)] = _ => new Shape(2, 4),
        [typeof(OpSpec)] = _ => OpTable.Of(Op.Add),
        [typeof(LayerPattern)] = _ => new LayerPattern("a key", 2, firstDiffers: false),
        [typeof(Evaluation)] = values => new EagerEvaluation(values.Get<IModelSource>(), [1, 2]) { SequenceLength = 8 },
        [typeof(Tensor)] = values => new Tensor(values.Get<Evaluation>(), 0, new Shape(2, 4), Operand.Zeros(2, 4)),
        [typeof(GraphInputs)] = values => new GraphInputs(values.Get<Evaluation>()),
        [typeof(RotaryEmbedding)] = values => new RotaryEmbedding(values.Get<DecoderModel>()),
        [typeof(Tokens)] = values => new Tokens(values.Get<Evaluation>()),
        [typeof(TensorBinder)] = values => new TensorBinder(values.Get<IModelSource>(), new TensorLedger(values.Get<IModelSource>(), [])),
        [typeof(Block)] = values => values.Get<Llama>().Layers[0],
        [typeof(Llama)] = values => values.Get<LoadedModel>().Model,
        [typeof(OpVocabulary)] = values => values.Get<LoadedModel>().Model,
        [typeof(DecoderModel)] = values => values.Get<LoadedModel>().Model,
        [typeof(EncoderDecoderModel)] = _ => RandomModel("t5").Model,
        [typeof(Stream)] = _ => new MemoryStream(),
        [typeof(CancellationToken)] = _ => CancellationToken.None,
        [typeof(TimeProvider)] = _ => TimeProvider.System,
        [typeof(JsonElement)] = _ => JsonDocument.Parse("{}").RootElement,
        [typeof(ArchitectureInfo)] = _ => Catalog.All.First(architecture => architecture.Name == "llama"),
        [typeof(IReadOnlyList<ArchitectureInfo>)] = _ => Catalog.All,
        [typeof(GgufFile)] = values => GgufFile.Open(ModelFile(values)),
        [typeof(GgufTensor)] = values => values.Get<GgufFile>().Tensors[0],
        [typeof(GgufMetadata)] = values => values.Get<GgufFile>().Metadata,
        [typeof(GgufValue)] = _ => GgufValue.From(1),
        [typeof(LoadedModel)] = values => LoadedModel.Open(ModelFile(values), Catalog.All),
        [typeof(IModelSource)] = values => new Runtime.Loading.GgufModelSource(values.Get<GgufFile>()),
        [typeof(Model)] = values => values.Get<LoadedModel>().Model,
        [typeof(IBackend)] = _ => CpuBackend.Exact(),
        [typeof(CpuBackend)] = _ => CpuBackend.Exact(),
        [typeof(WorkerPool)] = _ => new WorkerPool(1),
        [typeof(MatMulKernel)] = _ => MatMulKernel.For(TensorType.F32),
        [typeof(TensorFormat)] = _ => TensorFormats.Of(TensorType.F32),
        [typeof(TensorDecoder)] = _ => TensorFormats.Of(TensorType.F32).Decoder!,
        [typeof(TensorEncoder)] = _ => TensorFormats.Of(TensorType.F32).Encoder!,
        [typeof(Tokenizer)] = values => values.Get<LoadedModel>().Tokenizer,
        [typeof(Vocabulary)] = values => values.Get<Tokenizer>().Vocabulary,
        [typeof(Graph)] = values => values.Get<LoadedModel>().Graph,
        [typeof(Node)] = values => values.Get<Graph>().Nodes[^1],
        [typeof(ContextOptions)] = values => new ContextOptions { ContextLength = 16, Backend = values.Get<IBackend>() },
        [typeof(EngineOptions)] = _ => new EngineOptions { Cells = 32 },
        [typeof(GenerationOptions)] = _ => new GenerationOptions { MaxTokens = 2, ContextLength = 32 },
        [typeof(GenerationRequest)] = _ => new GenerationRequest { Prompt = new[] { 1 }, MaxTokens = 2 },
        [typeof(InferenceContext)] = values => values.Get<LoadedModel>().CreateContext(values.Get<ContextOptions>()),
        [typeof(ModelGraphs)] = values => ModelGraphs.Of(values.Get<LoadedModel>(), 1),
        [typeof(RunMode)] = values => new RunMode { Backend = values.Get<IBackend>() },
        [typeof(CheckpointFolder)] = _ => new CheckpointFolder("llama-mha"),
        [typeof(Checkpoint)] = values => Checkpoint.Open(CheckpointOf(values)),
        [typeof(CheckpointTensor)] = values => values.Get<Checkpoint>().Tensors[0],
        [typeof(SafetensorsFile)] = values => SafetensorsFile.Open(Path.Combine(CheckpointOf(values), "model.safetensors")),
        [typeof(SafetensorsTensor)] = values => values.Get<SafetensorsFile>().Tensors[0],
        [typeof(Template)] = _ => Template.Parse("{{ messages[0]['content'] }}"),
        [typeof(ChatTemplate)] = values => new ChatTemplate("{{ messages[0]['content'] }}", values.Get<Tokenizer>()),
        [typeof(ChatEngine)] = values =>
            new ChatEngine(values.Get<LoadedModel>(), values.Get<IBackend>(), values.Get<EngineOptions>(), "{{ messages[0]['content'] }}"),
        [typeof(CompiledGrammar)] = _ => CompiledGrammar.FromChoices(["yes", "no"]),
        [typeof(ModelRecipe)] = values => RandomRecipe.Of(values.Get<ArchitectureInfo>()),
        [typeof(Trace)] = values => Trace.Run(values.Get<ModelGraphs>(), [1], values.Get<RunMode>(), "a run"),
        [typeof(Mutation)] = values => Mutation.Of(values.Get<Graph>()).First(),
        [typeof(ConversionPlan)] = values => ConversionPlan.Create(values.Get<Checkpoint>(), Catalog.All, new ConversionOptions()),
        [typeof(FileType)] = _ => FileType.TryParse("Q8_0", out var type) ? type : throw new InvalidOperationException(),
        [typeof(QuantizationPlan)] = values =>
            QuantizationPlan.Create(values.Get<GgufFile>(), Catalog.All, values.Get<FileType>(), new QuantizationOptions { AllowRequantize = true }),
        [typeof(IServiceCollection)] = _ => new ServiceCollection(),
        [typeof(IEndpointRouteBuilder)] = _ => WebApplication.CreateBuilder().Build(),
        [typeof(WebApplication)] = _ => WebApplication.CreateBuilder().Build(),
        [typeof(IReadOnlyList<LoraAdapter>)] = _ => Array.Empty<LoraAdapter>(),
        [typeof(EmbeddingOptions)] = _ => new EmbeddingOptions { Pooling = Pooling.Mean },
        [typeof(GenerationStream)] = values => values.Get<InferenceEngine>().Submit(values.Get<GenerationRequest>()),
        [typeof(ChatRequest)] = _ => new ChatRequest { Messages = [new Message(MessageRole.User, "Once")] },
        [typeof(ChatStream)] = values => values.Get<ChatEngine>().Submit(values.Get<ChatRequest>(), new ChatGeneration { MaxTokens = 2 }),
        [typeof(ArchGenOptions)] = values => new ArchGenOptions { ModelPath = ModelFile(values), Architectures = Catalog.All },
        [typeof(AdaptedSource)] = values => new AdaptedSource(values.Get<IModelSource>(), []),
        [typeof(CheckpointSource)] = values => values.Get<ConversionPlan>().Source,
        [typeof(SplitModel)] = values => SplitModel.ByTensors(values.Get<GgufFile>(), 30),
        [typeof(TensorPattern)] = values => TensorPattern.Of(values.Get<Checkpoint>())[0],
        [typeof(ConvertedTensor)] = values => values.Get<ConversionPlan>().Tensors[0],
        [typeof(Weights)] = values => values.Get<ConvertedTensor>().Weights,
        [typeof(SabotageSuite)] = values => SabotageSuite.Of<Llama>(),
        [typeof(SabotageCheck)] = values => new SabotageCheck(values.Get<LoadedModel>(), [1, 2], null, values.Get<IBackend>()),
        [typeof(ArchGenService)] = values => new ArchGenService(values.Get<ArchGenOptions>()),
        [typeof(TextEmbedder)] = values => new TextEmbedder(values.Get<LoadedModel>(), values.Get<IBackend>(), new() { Pooling = Pooling.Mean }),
        [typeof(HuggingFaceTokenizer)] = _ => HuggingFaceTokenizer.Open(TokenizerFile()),
        [typeof(NodeDump)] = values => NodeDump.Open(SharedFixtures.Local("architectures/llama.nodes.tsv")),
        [typeof(IReadOnlyDictionary<int, IReadOnlyList<long>>)] = _ => new Dictionary<int, IReadOnlyList<long>> { [0] = [1] },
        [typeof(LogitsReader)] = values => LogitsReader.Open(SavedLogits(values)),
        [typeof(Testing.TestedModel)] = _ => Testing.TestedModel.Random<Llama>(),
    };

    /// <summary>A small trained model, copied to the folder of the call.</summary>
    public static string ModelFile(Values values)
    {
        var path = values.File("model.gguf");
        if (!File.Exists(path)) File.Copy(SharedFixtures.Local("models/stories260K.gguf"), path);
        return path;
    }

    private static string TokenizerFile() => Directory.GetFiles(SharedFixtures.Local("."), "tokenizer.json", SearchOption.AllDirectories)
        .Order(StringComparer.Ordinal).First(path => new FileInfo(path).Length > 1000 && CheckpointTokenizer.IsOne(path));

    private static string SavedLogits(Values values)
    {
        var path = values.File("logits.bin");
        using var stream = File.Create(path);
        var text = new ChunkedText([1, 2, 3, 4, 5, 6, 7, 8], 8, null);
        Perplexity.Measure(values.Get<LoadedModel>(), text, new EvaluationOptions { Backend = values.Get<IBackend>() }, new LogitsWriter(stream));
        return path;
    }

    private static LoadedModel RandomModel(string architecture) =>
        new(RandomRecipe.Of(Catalog.All.First(known => known.Name == architecture)).ToGguf(), Catalog.All);

    private static string CheckpointOf(Values values) => values.Get<CheckpointFolder>().Path;
}
