namespace ArchGen.Vulkan.Modules;

/// <summary>The instructions of SPIR-V that are written or read here.</summary>
internal enum SpirvOp : uint
{
    SourceContinued = 2,
    Name = 5,
    String = 7,
    Extension = 10,
    ExtInstImport = 11,
    ExtInst = 12,
    MemoryModel = 14,
    EntryPoint = 15,
    ExecutionMode = 16,
    Capability = 17,
    TypeVoid = 19,
    TypeBool = 20,
    TypeInt = 21,
    TypeFloat = 22,
    TypeVector = 23,
    TypeRuntimeArray = 29,
    TypeStruct = 30,
    TypePointer = 32,
    TypeFunction = 33,
    Constant = 43,
    SpecConstant = 50,
    SpecConstantComposite = 51,
    Function = 54,
    FunctionParameter = 55,
    FunctionEnd = 56,
    Variable = 59,
    Load = 61,
    Store = 62,
    InBoundsAccessChain = 66,
    Decorate = 71,
    MemberDecorate = 72,
    DecorationGroup = 73,
    GroupMemberDecorate = 75,
    CompositeExtract = 81,
    ConvertUToPtr = 120,
    Bitcast = 124,
    FNegate = 127,
    IAdd = 128,
    FAdd = 129,
    ISub = 130,
    FSub = 131,
    IMul = 132,
    FMul = 133,
    UDiv = 134,
    FDiv = 136,
    Select = 169,
    ULessThan = 176,
    FOrdLessThan = 184,
    ShiftRightLogical = 194,
    BitwiseAnd = 199,
    Phi = 245,
    LoopMerge = 246,
    Label = 248,
    Branch = 249,
    BranchConditional = 250,
    Return = 253,
    ReturnValue = 254,
    Unreachable = 255,
    ModuleProcessed = 330,
    ExecutionModeId = 331,
    DecorateId = 332,
    DecorateString = 5632,
    MemberDecorateString = 5633,
}

/// <summary>Instructions of the set GLSL.std.450.</summary>
internal enum GlslOp : uint
{
    RoundEven = 2,
    FAbs = 4,
    Exp = 27,
    Sqrt = 31,
}

/// <summary>Where a pointer points to.</summary>
internal enum StorageClass : uint
{
    Input = 1,
    PushConstant = 9,
    PhysicalStorageBuffer = 5349,
}

/// <summary>What is said of an id.</summary>
internal enum Decoration : uint
{
    SpecId = 1,
    Block = 2,
    ArrayStride = 6,
    BuiltIn = 11,
    Offset = 35,
}

/// <summary>Values that a shader finds.</summary>
internal enum BuiltIn : uint
{
    NumWorkgroups = 24,
    WorkgroupSize = 25,
    GlobalInvocationId = 28,
}
