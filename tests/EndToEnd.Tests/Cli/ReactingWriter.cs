using System.Text;

namespace ArchGen.EndToEnd.Tests.Cli;

/// <summary>Does something once when some text has been written.</summary>
internal sealed class ReactingWriter(string sign, Action react) : StringWriter
{
    private bool _isDone;

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value)
    {
        base.Write(value);
        React();
    }

    public override void Write(char[] buffer, int index, int count)
    {
        base.Write(buffer, index, count);
        React();
    }

    public override void Write(string? value)
    {
        base.Write(value);
        React();
    }

    public override void WriteLine(string? value)
    {
        base.WriteLine(value);
        React();
    }

    private void React()
    {
        if (_isDone && sign.Length > 0 || !GetStringBuilder().ToString().Contains(sign, StringComparison.Ordinal)) return;
        _isDone = true;
        react();
    }
}
