using Microsoft.CodeAnalysis;

namespace ArchGen.Generators.Diagnostics;

/// <summary>Every diagnostic of the generator. Each has a page in <c>docs/diagnostics</c>, which its help link opens.</summary>
internal static class Descriptors
{
    /// <summary>The folder of the pages. A path in the repository, until the pages have a public address.</summary>
    internal const string Pages = "docs/diagnostics/";

    private const string Category = "ArchGen";

    public static readonly DiagnosticDescriptor ShapeMismatch = new(
        id: "ARCH0001", title: "Shapes do not fit", messageFormat: "{0}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Pages + "ARCH0001.md");

    public static readonly DiagnosticDescriptor UnknownName = new(
        id: "ARCH0002", title: "Unknown name", messageFormat: "'{0}' is not a numeric hyper-parameter of {1}{2}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Pages + "ARCH0002.md");

    public static readonly DiagnosticDescriptor MalformedShape = new(
        id: "ARCH0003", title: "Malformed expression",
        messageFormat: "'{0}' is not an expression over hyper-parameters: names, numbers, + - * / and parentheses are allowed",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Pages + "ARCH0003.md");

    public static readonly DiagnosticDescriptor NotAllowed = new(
        id: "ARCH0004", title: "Not allowed in a forward pass", messageFormat: "{0} is not allowed in a forward pass: {1}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Pages + "ARCH0004.md");

    public static readonly DiagnosticDescriptor NotPartial = new(
        id: "ARCH0005", title: "Not partial", messageFormat: "'{0}' must be partial, so that the generator can implement it",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Pages + "ARCH0005.md");

    public static readonly DiagnosticDescriptor NotAModel = new(
        id: "ARCH0006", title: "Not a model",
        messageFormat: "'{0}' has [Architecture], but does not derive from Model; derive it from DecoderModel or Model",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Pages + "ARCH0006.md");

    public static readonly DiagnosticDescriptor TensorUnused = new(
        id: "ARCH0007", title: "Tensor is never used", messageFormat: "Tensor {0} is declared, but no forward pass of {1} uses it",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true, helpLinkUri: Pages + "ARCH0007.md");

    public static readonly DiagnosticDescriptor HyperParameterUnread = new(
        id: "ARCH0008", title: "Hyper-parameter is never read", messageFormat: "Hyper-parameter '{0}' is declared, but nothing in {1} reads it",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true, helpLinkUri: Pages + "ARCH0008.md");

    public static readonly DiagnosticDescriptor RopeUnstated = new(
        id: "ARCH0009", title: "RoPE kind is not stated",
        messageFormat: "{0} uses Rope, but [Architecture] does not state its kind; add Rope = RopeKind.Interleaved or RopeKind.HalfSplit",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Pages + "ARCH0009.md");

    public static readonly DiagnosticDescriptor EpsilonUnstated = new(
        id: "ARCH0010", title: "Norm without epsilon",
        messageFormat: "Norm '{0}' has no epsilon; declare the hyper-parameter {1}, or add Epsilon = nameof(...) to this [Tensor]",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Pages + "ARCH0010.md");

    public static readonly DiagnosticDescriptor DuplicateName = new(
        id: "ARCH0011", title: "Duplicate name", messageFormat: "'{0}' and '{1}' both have the name '{2}'",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Pages + "ARCH0011.md");

    public static readonly DiagnosticDescriptor ResultDropped = new(
        id: "ARCH0012", title: "Result is dropped", messageFormat: "The result of {0} is not used; {1}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Pages + "ARCH0012.md");

    public static readonly DiagnosticDescriptor BlockKinds = new(
        id: "ARCH0013", title: "Kinds of blocks are not clear", messageFormat: "{0}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Pages + "ARCH0013.md");

    public static readonly DiagnosticDescriptor BlockCount = new(
        id: "ARCH0014", title: "Block count or pattern is missing", messageFormat: "The list of blocks '{0}' has no {1}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Pages + "ARCH0014.md");

    public static readonly DiagnosticDescriptor DependsOnValues = new(
        id: "ARCH0015", title: "Graph depends on a tensor's values",
        messageFormat: "{0} of a tensor is not known when the graph is built; a static graph cannot depend on it",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Pages + "ARCH0015.md");

    public static readonly DiagnosticDescriptor LoopChangesShape = new(
        id: "ARCH0016", title: "A loop changes a shape",
        messageFormat: "'{0}' is {1} before the loop and {2} after one pass of it; each block must return the shape that it takes",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Pages + "ARCH0016.md");

    public static readonly DiagnosticDescriptor NoSource = new(
        id: "ARCH0017", title: "Source is not here",
        messageFormat: "The body of '{0}' is not in this project, and {1} carries {2}, so no graph can be generated from it; {3}, or add the file to this "
            + "project",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Pages + "ARCH0017.md");

    public static readonly DiagnosticDescriptor UnknownMember = new(
        id: "ARCH0018", title: "Unknown member", messageFormat: "{0} names '{1}', which is not {2}{3}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Pages + "ARCH0018.md");

    public static readonly DiagnosticDescriptor BranchesDiffer = new(
        id: "ARCH0019", title: "Branches give different shapes", messageFormat: "'{0}' is {1} in one branch and {2} in the other",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Pages + "ARCH0019.md");

    public static readonly DiagnosticDescriptor SplitSizes = new(
        id: "ARCH0020", title: "Parts do not add up", messageFormat: "The parts of this split add up to {0}, but the last dimension of {1} is {2}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Pages + "ARCH0020.md");

    public static readonly DiagnosticDescriptor DuplicateArchitecture = new(
        id: "ARCH0021", title: "Duplicate architecture", messageFormat: "'{0}' and '{1}' both {2} '{3}'",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Pages + "ARCH0021.md");

    public static readonly DiagnosticDescriptor TensorType = new(
        id: "ARCH0022", title: "Not a member's type", messageFormat: "'{0}' has the type {1}, but a {2}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Pages + "ARCH0022.md");

    public static readonly DiagnosticDescriptor NoForward = new(
        id: "ARCH0023", title: "No forward pass", messageFormat: "{0} has no {1}; override it",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Pages + "ARCH0023.md");

    public static readonly DiagnosticDescriptor Recursion = new(
        id: "ARCH0024", title: "Recursion", messageFormat: "'{0}' calls itself; a graph has a fixed number of operations",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Pages + "ARCH0024.md");

    public static readonly DiagnosticDescriptor StateUnused = new(
        id: "ARCH0025", title: "State or cache is never used", messageFormat: "{0} '{1}' is declared, but no operation of {2} uses it",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true, helpLinkUri: Pages + "ARCH0025.md");

    public static readonly DiagnosticDescriptor Misplaced = new(
        id: "ARCH0026", title: "Misplaced declaration", messageFormat: "'{0}' has [{1}], but {2}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Pages + "ARCH0026.md");

    public static readonly DiagnosticDescriptor NotTopLevel = new(
        id: "ARCH0027", title: "Not a class of its own", messageFormat: "{0}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Pages + "ARCH0027.md");

    public static readonly DiagnosticDescriptor DefaultType = new(
        id: "ARCH0028", title: "Default of the wrong type", messageFormat: "The default '{0}' of '{1}' is of type {2}, but '{1}' is of type {3}; {4}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Pages + "ARCH0028.md");

    public static readonly DiagnosticDescriptor CircularDefault = new(
        id: "ARCH0029", title: "Circular defaults",
        messageFormat: "The default of '{0}' depends on itself ({1}); give one of these a number as its default, or none",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Pages + "ARCH0029.md");

    public static readonly DiagnosticDescriptor FileName = new(
        id: "ARCH0030", title: "Not a name in a file",
        messageFormat: "'{0}' cannot be a name in a file: {1}; names are made of letters, digits and signs such as '.', '_' and '-'",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Pages + "ARCH0030.md");

    public static readonly DiagnosticDescriptor HiddenMember = new(
        id: "ARCH0031", title: "Hides a member of the base", messageFormat: "'{0}' has the name of {1}, but does not override it: {2}",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true, helpLinkUri: Pages + "ARCH0031.md");

    public static readonly DiagnosticDescriptor ForeignTensor = new(
        id: "ARCH0032", title: "Tensor of another block", messageFormat: "{0}; {1}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Pages + "ARCH0032.md");

    public static readonly DiagnosticDescriptor OptionalUnasked = new(
        id: "ARCH0033", title: "Optional tensor is used without asking",
        messageFormat: "A file may lack '{0}', and nothing on the way here asks for it; {1}",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true, helpLinkUri: Pages + "ARCH0033.md");

    public static readonly DiagnosticDescriptor ResidualLost = new(
        id: "ARCH0034", title: "Residual stream is lost", messageFormat: "{0} does not add to the residual stream '{1}'; {2}",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true, helpLinkUri: Pages + "ARCH0034.md");

    public static readonly DiagnosticDescriptor NoOutput = new(
        id: "ARCH0035", title: "No output", messageFormat: "{0} returns {1}, but {2}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Pages + "ARCH0035.md");

    public static readonly DiagnosticDescriptor HeadsDivide = new(
        id: "ARCH0036", title: "Heads do not divide", messageFormat: "{0}; {1}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Pages + "ARCH0036.md");

    public static readonly DiagnosticDescriptor IntegerDivision = new(
        id: "ARCH0037", title: "Fraction is dropped", messageFormat: "'{0}' divides whole numbers, and C# drops the fraction; {1}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Pages + "ARCH0037.md");

    public static readonly DiagnosticDescriptor ResidualTwice = new(
        id: "ARCH0038", title: "Residual is added twice",
        messageFormat: "{0} adds {1} a second time: one of its operands, or the block, has added it already",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true, helpLinkUri: Pages + "ARCH0038.md");

    public static readonly DiagnosticDescriptor OtherActivation = new(
        id: "ARCH0039", title: "Activation is not the config's",
        messageFormat: "The forward pass calls {0}, but [ConfigIs{1}] holds config.json to {2}; call that, or correct the value",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true, helpLinkUri: Pages + "ARCH0039.md");

    public static readonly DiagnosticDescriptor DeclarationForm = new(
        id: "ARCH0041", title: "Not the form of a declaration", messageFormat: "{0}; {1}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Pages + "ARCH0041.md");

    public static readonly DiagnosticDescriptor ModuleArgument = new(
        id: "ARCH0042", title: "Not an argument of this type",
        messageFormat: "'{0}' is of type {1}, which has no {2}; leave it out, or make the type one of {3}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Pages + "ARCH0042.md");

    public static readonly DiagnosticDescriptor PrivateInBase = new(
        id: "ARCH0043", title: "Private in a base",
        messageFormat: "'{0}' is {1} in {2}, and the code that is generated for {3} uses it; make it protected{4}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Pages + "ARCH0043.md");

    public static readonly DiagnosticDescriptor MalformedSource = new(
        id: "ARCH0044", title: "Malformed source", messageFormat: "'{0}' is not {1}: {2}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Pages + "ARCH0044.md");

    public static readonly DiagnosticDescriptor NotInCheckpoint = new(
        id: "ARCH0045", title: "Not found in a checkpoint", messageFormat: "No checkpoint of {0} can be converted: nothing says what {1} called there; {2}",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true, helpLinkUri: Pages + "ARCH0045.md");

    public static readonly DiagnosticDescriptor CacheUnwritten = new(
        id: "ARCH0046", title: "Cache is read before it is written",
        messageFormat: "The cache '{0}' is read here, but {1}; write it with Attention(q, k, v, scale, cache: {0}) in an earlier layer",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Pages + "ARCH0046.md");

    public static readonly DiagnosticDescriptor PartClash = new(
        id: "ARCH0047", title: "Parts mean different things by one name",
        messageFormat: "'{0}' is '{1}' in {2}, but {3} in {4}; rename it in one of them",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Pages + "ARCH0047.md");

    public static readonly DiagnosticDescriptor OtherLanguage = new(
        id: "ARCH0048", title: "Another version of the language",
        messageFormat: "{0} is written in version {1} of the language of architectures, and this project's generator reads version {2}; {3}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Pages + "ARCH0048.md");

    public static readonly DiagnosticDescriptor GraphForm = new(
        id: "ARCH0049", title: "Not the form of a graph", messageFormat: "{0}; {1}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true, helpLinkUri: Pages + "ARCH0049.md");

    private static readonly Dictionary<string, DiagnosticDescriptor> ById = new[]
    {
        ShapeMismatch, UnknownName, MalformedShape, NotAllowed, NotPartial, NotAModel, TensorUnused, HyperParameterUnread, RopeUnstated, EpsilonUnstated,
        DuplicateName, ResultDropped, BlockKinds, BlockCount, DependsOnValues, LoopChangesShape, NoSource, UnknownMember, BranchesDiffer, SplitSizes,
        DuplicateArchitecture, TensorType, NoForward, Recursion, StateUnused, Misplaced, NotTopLevel,
        DefaultType, CircularDefault, FileName, HiddenMember, ForeignTensor, OptionalUnasked, ResidualLost, NoOutput, HeadsDivide,
        IntegerDivision, ResidualTwice, OtherActivation,
        DeclarationForm, ModuleArgument, PrivateInBase, MalformedSource, NotInCheckpoint, CacheUnwritten, PartClash, OtherLanguage, GraphForm,
    }.ToDictionary(d => d.Id);

    public static IEnumerable<DiagnosticDescriptor> All => ById.Values;

    public static DiagnosticDescriptor Of(string id) => ById[id];
}
