using ArchGen.Tokenizers;
using Google.Protobuf;

namespace ArchGen.Conversion.Vocabulary;

/// <summary>A SentencePiece model file, as far as a vocabulary needs it (sentencepiece_model.proto: ModelProto).</summary>
internal sealed class SentencePieceModel
{
    private const int MostPieces = 1 << 22;

    private readonly List<(string Text, float Score, TokenType Type)> _pieces = [];

    /// <summary>The pieces by id.</summary>
    public IReadOnlyList<(string Text, float Score, TokenType Type)> Pieces => _pieces;

    /// <summary>Whether pieces are chosen by probability rather than by merging.</summary>
    public bool IsUnigram { get; private set; } = true;

    /// <summary>The compiled map of characters, empty if there is none.</summary>
    public byte[] CharacterMap { get; private set; } = [];

    /// <summary>Whether a space is put before a text.</summary>
    public bool AddsSpacePrefix { get; private set; } = true;

    /// <summary>Whether runs of white space count as one.</summary>
    public bool RemovesExtraSpaces { get; private set; } = true;

    /// <summary>Reads a file.</summary>
    /// <exception cref="ArchGenException">It is no such file, or damaged.</exception>
    public static SentencePieceModel Read(string path)
    {
        try
        {
            var model = new SentencePieceModel();
            var input = new CodedInputStream(File.ReadAllBytes(path));
            while (input.ReadTag() is var tag and not 0)
            {
                switch (WireFormat.GetTagFieldNumber(tag), WireFormat.GetTagWireType(tag))
                {
                    case (1, WireFormat.WireType.LengthDelimited): model.AddPiece(input.ReadBytes()); break;
                    case (2, WireFormat.WireType.LengthDelimited): model.ReadTrainer(input.ReadBytes()); break;
                    case (3, WireFormat.WireType.LengthDelimited): model.ReadNormalizer(input.ReadBytes()); break;
                    default: input.SkipLastField(); break;
                }
            }

            return model._pieces.Count > 0 ? model : throw new ArchGenException($"{path}: the file has no pieces; it is no SentencePiece model. Download it again.");
        }
        catch (Exception error) when (error is InvalidProtocolBufferException or InvalidOperationException)
        {
            throw new ArchGenException($"{path}: the file is no SentencePiece model, or damaged: {error.Message.TrimEnd('.')}. Download it again.", error);
        }
    }

    private void AddPiece(ByteString bytes)
    {
        if (_pieces.Count == MostPieces) throw new InvalidOperationException($"it has more than {MostPieces} pieces");
        var (text, score, type) = ("", 0f, TokenType.Normal);
        var input = bytes.CreateCodedInput();
        while (input.ReadTag() is var tag and not 0)
        {
            switch (WireFormat.GetTagFieldNumber(tag), WireFormat.GetTagWireType(tag))
            {
                case (1, WireFormat.WireType.LengthDelimited): text = input.ReadString(); break;
                case (2, WireFormat.WireType.Fixed32): score = input.ReadFloat(); break;
                // The numbers are those of GGUF.
                case (3, WireFormat.WireType.Varint): type = (TokenType)input.ReadEnum(); break;
                default: input.SkipLastField(); break;
            }
        }

        _pieces.Add((text, score, type));
    }

    private void ReadTrainer(ByteString bytes)
    {
        var input = bytes.CreateCodedInput();
        while (input.ReadTag() is var tag and not 0)
        {
            if (WireFormat.GetTagFieldNumber(tag) == 3 && WireFormat.GetTagWireType(tag) == WireFormat.WireType.Varint) IsUnigram = input.ReadEnum() == 1;
            else input.SkipLastField();
        }
    }

    private void ReadNormalizer(ByteString bytes)
    {
        var input = bytes.CreateCodedInput();
        while (input.ReadTag() is var tag and not 0)
        {
            switch (WireFormat.GetTagFieldNumber(tag), WireFormat.GetTagWireType(tag))
            {
                case (2, WireFormat.WireType.LengthDelimited): CharacterMap = input.ReadBytes().ToByteArray(); break;
                case (3, WireFormat.WireType.Varint): AddsSpacePrefix = input.ReadBool(); break;
                case (4, WireFormat.WireType.Varint): RemovesExtraSpaces = input.ReadBool(); break;
                default: input.SkipLastField(); break;
            }
        }
    }
}
