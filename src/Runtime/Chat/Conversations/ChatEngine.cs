using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using ArchGen.Chat.Answers;
using ArchGen.Chat.Constraints;
using ArchGen.Chat.Formats;
using ArchGen.Chat.Messages;
using ArchGen.Chat.Prompts;
using ArchGen.Grammars;
using ArchGen.Runtime.Backends;
using ArchGen.Runtime.Generation;
using ArchGen.Runtime.Sampling;
using ArchGen.Runtime.Scheduling;

namespace ArchGen.Chat.Conversations;

/// <summary>
/// Answers conversations with one model: many callers at once, whose answers are computed together. Safe for concurrent use.
/// <code>
/// using var model = LoadedModel.Open("model.gguf", Catalog.All);
/// using var engine = new ChatEngine(model, new CpuBackend());
/// var request = new ChatRequest { Messages = [new(MessageRole.User, "Hello!")] };
/// await foreach (var update in engine.AnswerAsync(request)) if (update.Part is AnswerText text) Console.Write(text.Text);
/// </code>
/// </summary>
public sealed class ChatEngine : IDisposable
{
    private const int IdLength = 9;

    private readonly bool _ownsEngine;
    private readonly ControlTexts _controls;
    private readonly FormatMarks _marks;
    private readonly GrammarCache _grammars = new();

    /// <summary>Prepares a model to converse.</summary>
    /// <param name="model">The model, which must stay open.</param>
    /// <param name="backend">The backend.</param>
    /// <param name="options">The sizes and limits; null for the defaults.</param>
    /// <param name="template">The chat template in Jinja2; null for the one of the model's file.</param>
    /// <param name="clock">The clock of templates that write the date; null for the system's.</param>
    /// <exception cref="RequestException">The model has no template and none is given, or an option is out of range.</exception>
    /// <exception cref="ModelFileException">The model has no vocabulary.</exception>
    /// <exception cref="DeviceException">There is not enough memory.</exception>
    public ChatEngine(LoadedModel model, IBackend backend, EngineOptions? options = null, string? template = null, TimeProvider? clock = null)
        : this(model, ReadTemplate(model, template, clock), () => new InferenceEngine(model, backend, options))
    {
        _ownsEngine = true;
    }

    /// <summary>Converses with an engine that others use, too, and that is not disposed of with this object.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="template">The chat template in Jinja2; null for the one of the model's file.</param>
    /// <param name="clock">The clock of templates that write the date; null for the system's.</param>
    /// <exception cref="RequestException">The model has no template and none is given.</exception>
    public ChatEngine(InferenceEngine engine, string? template = null, TimeProvider? clock = null)
        : this((engine ?? throw new ArgumentNullException(nameof(engine))).Model, ReadTemplate(engine.Model, template, clock), () => engine)
    {
    }

    // The template is read before the engine allocates memory.
    private ChatEngine(LoadedModel model, ChatTemplate template, Func<InferenceEngine> engine)
    {
        Template = template;
        _controls = new ControlTexts(model.Tokenizer.Vocabulary, model.Tokenizer);
        _marks = new FormatMarks(Template.Format, model.Tokenizer.Vocabulary);
        Engine = engine();
    }

    /// <summary>The model's template.</summary>
    public ChatTemplate Template { get; }

    /// <summary>The engine below, with its metrics.</summary>
    public InferenceEngine Engine { get; }

    /// <summary>Answers a conversation. Leaving <c>await foreach</c> early cancels it.</summary>
    /// <param name="request">The conversation.</param>
    /// <param name="generation">How the answer is generated; null for the defaults.</param>
    /// <param name="warnings">Gets a line for each tool whose schema is not enforced; null to ignore them.</param>
    /// <param name="cancellation">Ends it within one step, wherever it is: in the queue, in the prompt, while it is answered.</param>
    /// <exception cref="RequestException">The template does not take the conversation, a schema cannot be enforced, or an option is out of range.</exception>
    /// <exception cref="ContextFullException">The conversation is longer than the context. Nothing is cut.</exception>
    /// <exception cref="QueueFullException">Too many answers wait already.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async IAsyncEnumerable<ChatUpdate> AnswerAsync(
        ChatRequest request, ChatGeneration? generation = null, List<string>? warnings = null,
        [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        using var answers = Submit(request, generation, warnings, cancellation);
        await foreach (var update in answers.WithCancellation(cancellation).ConfigureAwait(false)) yield return update;
    }

    /// <summary>
    /// Begins to answer a conversation. What is wrong with it is thrown here, before an answer begins; the number of its tokens is known at once.
    /// </summary>
    /// <inheritdoc cref="AnswerAsync" path="/param"/>
    /// <inheritdoc cref="AnswerAsync" path="/exception"/>
    /// <returns>The answers. Disposing of it cancels them.</returns>
    public ChatStream Submit(
        ChatRequest request, ChatGeneration? generation = null, List<string>? warnings = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        generation ??= new();
        var prompt = Template.Render(request, findsBoundaries: Engine.HasStates);
        var readers = new AnswerReader[Math.Max(generation.Answers, 0)];
        for (var i = 0; i < readers.Length; i++)
        {
            var parser = new AnswerParser(Template.Format, Tools(request), prompt.StartsInThinking, NewId, generation.ReportsCallParts);
            readers[i] = new AnswerReader(parser, _marks, Engine.Model.Tokenizer, generation.StopTexts);
        }

        var tokens = Engine.Submit(Request(request, generation, prompt, warnings ?? []), cancellation);
        return new ChatStream(prompt, tokens, readers, generation.ReportsTokens, Engine.ReportEnd);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_ownsEngine) Engine.Dispose();
    }

    private static ChatTemplate ReadTemplate(LoadedModel model, string? template, TimeProvider? clock)
    {
        ArgumentNullException.ThrowIfNull(model);
        template ??= model.File.Metadata.GetStringOrNull(ChatTemplate.MetadataKey)
            ?? (model.Tokenizer.Vocabulary.Find("<|im_start|>") is not null ? ChatTemplate.ChatMl : null)
            ?? throw new RequestException($"{model.File.Name} has no chat template ({ChatTemplate.MetadataKey}): it was not trained to converse. "
                + "Give a template (--chat-template-file), or let it continue a text with 'archgen run'.");
        return new ChatTemplate(template, model.Tokenizer, clock);
    }

    private static IReadOnlyList<ToolDefinition> Tools(ChatRequest request) => request.ToolChoice.Kind == ToolChoiceKind.None ? [] : request.Tools;

    private GenerationRequest Request(ChatRequest request, ChatGeneration generation, ChatPrompt prompt, List<string> warnings)
    {
        var space = Engine.SequenceLength - prompt.Tokens.Length;
        return new GenerationRequest
        {
            Prompt = prompt.Tokens,
            MaxTokens = Math.Max(generation.MaxTokens ?? space, 0),
            Answers = generation.Answers,
            Sampling = generation.Sampling,
            Constraint = Constraint(request, generation, prompt, warnings),
            Priority = generation.Priority,
            Boundaries = prompt.Boundaries,
            AdapterSet = generation.AdapterSet,
            UsesCache = generation.UsesCache,
            ReportsProgress = generation.ReportsProgress,
            WantsText = false,
        };
    }

    private ITokenConstraint? Constraint(ChatRequest request, ChatGeneration generation, ChatPrompt prompt, List<string> warnings)
    {
        var tokenizer = Engine.Model.Tokenizer;
        var inner = generation.Constraint;
        if (inner is null)
        {
            var constraint = new AnswerConstraint
            {
                Tools = request.Tools,
                Choice = request.ToolChoice,
                IsParallel = request.AllowParallelCalls,
                Grammar = request.ResponseGrammar ?? (request.ResponseSchema is { } schema ? TextGrammar.JsonSchema(schema) : null),
                StartsInThinking = prompt.StartsInThinking,
                MayThink = request.EnableThinking ?? true,
            };
            if (_grammars.Find(Template.Format, constraint, _controls, warnings) is { } grammar) inner = new GrammarConstraint(grammar, tokenizer);
        }

        var (budget, control) = (generation.ThinkingBudget, generation.ThinkingControl);
        if ((budget is null && control is null) || Template.Format.Thinking is not { } thinking) return inner;
        var begin = thinking.Begin.Length == 0 ? [] : tokenizer.Encode(thinking.Begin, addSpecial: false, parseSpecial: true);
        var end = tokenizer.Encode($"\n{thinking.End}\n\n", addSpecial: false, parseSpecial: true);
        return ThinkingBudget.Of(budget ?? int.MaxValue, begin, end, tokenizer.Vocabulary.Count, inner, control, prompt.StartsInThinking);
    }

    // As OpenAI's ids look; the part after the underscore is what Mistral's templates take.
    private static string NewId() => "call_" + RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", IdLength);
}
