using ArchGen.Tokenizers;
using Google.Protobuf;

namespace ArchGen.Tools.Conversion.Vocabulary;

/// <summary>A piece of a SentencePiece model.</summary>
internal readonly record struct SentencePiece(string Text, float Score, TokenType Type);

/// <summary>A SentencePiece file: the protobuf message <c>ModelProto</c> (google/sentencepiece, src/sentencepiece_model.proto), as far as it is used.</summary>
internal sealed class SentencePieceModel
{
    private const int Unigram = 1;
    private int _modelType = Unigram;

    private SentencePieceModel()
    {
    }

    public List<SentencePiece> Pieces { get; } = [];

    /// <summary>Whether the model is Unigram, which chooses the likeliest pieces, and not BPE, which merges.</summary>
    public bool IsUnigram => _modelType == Unigram;

    public byte[] CharacterMap { get; private set; } = [];

    public bool AddsDummyPrefix { get; private set; } = true;

    public bool RemovesExtraWhiteSpace { get; private set; } = true;

    /// <exception cref="ModelFileException">The file is no SentencePiece model.</exception>
    public static SentencePieceModel Read(string path)
    {
        var bytes = TokenizerFolder.ReadBytes(path);
        SentencePieceModel model = new();
        try
        {
            CodedInputStream input = new(bytes);
            ForEachField(input, field =>
            {
                switch (field)
                {
                    case 1: model.Pieces.Add(ReadPiece(input.ReadBytes())); return true;
                    case 2: model.ReadTrainer(input.ReadBytes()); return true;
                    case 3: model.ReadNormalizer(input.ReadBytes()); return true;
                    default: return false;
                }
            });
        }
        catch (Exception error) when (error is InvalidProtocolBufferException or InvalidOperationException)
        {
            throw new ModelFileException($"{path}: the file is no SentencePiece model, or damaged: {error.Message.TrimEnd('.')}. Download it again.", error);
        }

        return model.Pieces.Count > 0 ? model : throw new ModelFileException($"{path}: the SentencePiece model has no pieces. Download the file again.");
    }

    private static SentencePiece ReadPiece(ByteString message)
    {
        var input = message.CreateCodedInput();
        SentencePiece piece = new("", 0, TokenType.Normal);
        ForEachField(input, field =>
        {
            switch (field)
            {
                case 1: piece = piece with { Text = input.ReadString() }; return true;
                case 2: piece = piece with { Score = input.ReadFloat() }; return true;
                case 3: piece = piece with { Type = (TokenType)input.ReadEnum() }; return true;
                default: return false;
            }
        });
        return piece;
    }

    private void ReadTrainer(ByteString message)
    {
        var input = message.CreateCodedInput();
        ForEachField(input, field =>
        {
            if (field != 3) return false;
            _modelType = input.ReadEnum();
            return true;
        });
    }

    private void ReadNormalizer(ByteString message)
    {
        var input = message.CreateCodedInput();
        ForEachField(input, field =>
        {
            switch (field)
            {
                case 2: CharacterMap = input.ReadBytes().ToByteArray(); return true;
                case 3: AddsDummyPrefix = input.ReadBool(); return true;
                case 4: RemovesExtraWhiteSpace = input.ReadBool(); return true;
                default: return false;
            }
        });
    }

    /// <param name="read">Reads the field with the given number; returns false if it does not know the field.</param>
    private static void ForEachField(CodedInputStream input, Func<int, bool> read)
    {
        while (input.ReadTag() is not 0 and var tag)
        {
            if (!read(WireFormat.GetTagFieldNumber(tag))) input.SkipLastField();
        }
    }
}
