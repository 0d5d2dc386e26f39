using Microsoft.CodeAnalysis;

namespace ArchGen.Generators.Diagnostics;

/// <summary>Every diagnostic of the generator. Each has a page in <c>docs/diagnostics</c>.</summary>
internal static class Descriptors
{
    private const string Category = "ArchGen";

    public static readonly DiagnosticDescriptor ShapeMismatch = new(
        "ARCH0001", "Shapes do not fit", "{0}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor UnknownName = new(
        "ARCH0002", "Unknown name", "'{0}' is not a numeric hyper-parameter of {1}{2}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor MalformedShape = new(
        "ARCH0003", "Malformed expression", "'{0}' is not an expression over hyper-parameters: names, numbers, + - * / and parentheses are allowed",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor NotAllowed = new(
        "ARCH0004", "Not allowed in a forward pass", "{0} is not allowed in a forward pass: {1}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor NotPartial = new(
        "ARCH0005", "Not partial", "'{0}' must be partial, so that the generator can implement it",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor NotAModel = new(
        "ARCH0006", "Not a model", "'{0}' has [Architecture], but does not derive from Model; derive it from DecoderModel or Model",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor TensorUnused = new(
        "ARCH0007", "Tensor is never used", "Tensor {0} is declared, but no forward pass of {1} uses it",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor HyperParameterUnread = new(
        "ARCH0008", "Hyper-parameter is never read", "Hyper-parameter '{0}' is declared, but nothing in {1} reads it",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor RopeUnstated = new(
        "ARCH0009", "RoPE kind is not stated", "{0} uses Rope, but [Architecture] does not state its kind; add Rope = RopeKind.Normal or RopeKind.Neox",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor EpsilonUnstated = new(
        "ARCH0010", "Norm without epsilon", "Norm '{0}' has no epsilon; add Epsilon = nameof(...) to [Architecture] or to this [Tensor]",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor DuplicateName = new(
        "ARCH0011", "Duplicate name", "'{0}' and '{1}' both have the name '{2}'",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor ResultDropped = new(
        "ARCH0012", "Result is dropped", "The result of {0} is not used; {1}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor BlockKinds = new(
        "ARCH0013", "Kinds of blocks are not clear", "{0}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor BlockCount = new(
        "ARCH0014", "Block count or pattern is missing", "The list of blocks '{0}' has no {1}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor DependsOnValues = new(
        "ARCH0015", "Graph depends on a tensor's values", "{0} of a tensor is not known when the graph is built; a static graph cannot depend on it",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor LoopChangesShape = new(
        "ARCH0016", "A loop changes a shape", "'{0}' is {1} before the loop and {2} after one pass of it; each block must return the shape that it takes",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor NoSource = new(
        "ARCH0017", "Source is not here", "The body of '{0}' is not in this project, so its graph cannot be generated; an architecture's bases must be compiled with it",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor UnknownMember = new(
        "ARCH0018", "Unknown member", "{0} names '{1}', which is not {2}{3}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor BranchesDiffer = new(
        "ARCH0019", "Branches give different shapes", "'{0}' is {1} in one branch and {2} in the other",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor SplitSizes = new(
        "ARCH0020", "Parts do not add up", "The parts of this split add up to {0}, but the last dimension of {1} is {2}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor DuplicateArchitecture = new(
        "ARCH0021", "Duplicate architecture", "'{0}' and '{1}' both {2} '{3}'",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor TensorType = new(
        "ARCH0022", "Not a member's type", "'{0}' has the type {1}, but a {2}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor NoForward = new(
        "ARCH0023", "No forward pass", "{0} has no {1}; override it",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor Recursion = new(
        "ARCH0024", "Recursion", "'{0}' calls itself; a graph has a fixed number of operations",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor StateUnused = new(
        "ARCH0025", "State is never written", "State '{0}' is declared, but no operation of {1} uses it",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor Misplaced = new(
        "ARCH0026", "Misplaced declaration", "'{0}' has [{1}], but {2}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor NotTopLevel = new(
        "ARCH0027", "Not a class of its own", "{0}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor DefaultType = new(
        "ARCH0028", "Default of the wrong type", "The default '{0}' of '{1}' is of type {2}, but '{1}' is of type {3}; {4}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor CircularDefault = new(
        "ARCH0029", "Circular defaults", "The default of '{0}' depends on itself ({1}); give one of these a number as its default, or none",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor FileName = new(
        "ARCH0030", "Not a name in a file", "'{0}' cannot be a name in a file: {1}; names are made of letters, digits and signs such as '.', '_' and '-'",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor HiddenMember = new(
        "ARCH0031", "Hides a member of the base", "'{0}' has the name of {1}, but does not override it: {2}",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor ForeignTensor = new(
        "ARCH0032", "Tensor of another block", "{0}; {1}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor OptionalUnasked = new(
        "ARCH0033", "Optional tensor is used without asking", "A file may lack '{0}', and nothing on the way here asks for it; {1}",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor ResidualLost = new(
        "ARCH0034", "Residual stream is lost", "{0} does not add to the residual stream '{1}'; {2}",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor NoOutput = new(
        "ARCH0035", "No output", "{0} returns {1}, but {2}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor HeadsDivide = new(
        "ARCH0036", "Heads do not divide", "{0}; {1}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor IntegerDivision = new(
        "ARCH0037", "Fraction is dropped", "'{0}' divides whole numbers, and C# drops the fraction; {1}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor ResidualTwice = new(
        "ARCH0038", "Residual is added twice", "{0} adds {1} a second time: one of its operands, or the block, has added it already",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor OtherActivation = new(
        "ARCH0039", "Activation is not the config's", "The forward pass calls {0}, but [ConfigIs{1}] holds config.json to {2}; call that, or correct the value",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor DeclarationForm = new(
        "ARCH0041", "Not the form of a declaration", "{0}; {1}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor ModuleArgument = new(
        "ARCH0042", "Not an argument of this type", "'{0}' is of type {1}, which has no {2}; leave it out, or make the type one of {3}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor PrivateInBase = new(
        "ARCH0043", "Private in a base", "'{0}' is private in {1}, and the code that is generated for {2} uses it; make it protected, or private protected",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor MalformedSource = new(
        "ARCH0044", "Malformed source", "'{0}' is not {1}: {2}",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor NotInCheckpoint = new(
        "ARCH0045", "Not found in a checkpoint", "No checkpoint of {0} can be converted: nothing says what {1} called there; {2}",
        Category, DiagnosticSeverity.Warning, isEnabledByDefault: true);

    private static readonly Dictionary<string, DiagnosticDescriptor> ById = new[]
    {
        ShapeMismatch, UnknownName, MalformedShape, NotAllowed, NotPartial, NotAModel, TensorUnused, HyperParameterUnread, RopeUnstated, EpsilonUnstated,
        DuplicateName, ResultDropped, BlockKinds, BlockCount, DependsOnValues, LoopChangesShape, NoSource, UnknownMember, BranchesDiffer, SplitSizes,
        DuplicateArchitecture, TensorType, NoForward, Recursion, StateUnused, Misplaced, NotTopLevel,
        DefaultType, CircularDefault, FileName, HiddenMember, ForeignTensor, OptionalUnasked, ResidualLost, NoOutput, HeadsDivide,
        IntegerDivision, ResidualTwice, OtherActivation,
        DeclarationForm, ModuleArgument, PrivateInBase, MalformedSource, NotInCheckpoint,
    }.ToDictionary(d => d.Id);

    public static IEnumerable<DiagnosticDescriptor> All => ById.Values;

    public static DiagnosticDescriptor Of(string id) => ById[id];
}
