using System.Globalization;
using System.Text;

namespace ArchGen.Templates.Jinja.Functions;

/// <summary>Formats a time as C's strftime does in the C locale.</summary>
internal static class TimeFormat
{
    public static string Format(DateTimeOffset time, string format)
    {
        var text = new StringBuilder();
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 == format.Length)
            {
                text.Append(format[i]);
                continue;
            }

            var padding = format[i + 1] is '-' or '_' or '0' && i + 2 < format.Length ? format[++i] : ' ';
            text.Append(Field(time, format[++i], padding) ?? (padding == ' ' ? $"%{format[i]}" : $"%{padding}{format[i]}"));
        }

        return text.ToString();
    }

    private static string? Field(DateTimeOffset time, char field, char padding)
    {
        var culture = CultureInfo.InvariantCulture;
        return field switch
        {
            'a' => time.ToString("ddd", culture),
            'A' => time.ToString("dddd", culture),
            'b' or 'h' => time.ToString("MMM", culture),
            'B' => time.ToString("MMMM", culture),
            'c' => Format(time, "%a %b %e %H:%M:%S %Y"),
            'D' or 'x' => Format(time, "%m/%d/%y"),
            'F' => Format(time, "%Y-%m-%d"),
            'R' => Format(time, "%H:%M"),
            'T' or 'X' => Format(time, "%H:%M:%S"),
            'r' => Format(time, "%I:%M:%S %p"),
            'p' => time.Hour < 12 ? "AM" : "PM",
            'P' => time.Hour < 12 ? "am" : "pm",
            'f' => (time.Ticks % TimeSpan.TicksPerSecond / 10).ToString("000000", culture),
            's' => time.ToUnixTimeSeconds().ToString(culture),
            'n' => "\n",
            't' => "\t",
            '%' => "%",
            'z' or 'Z' => "", // the time has no zone in Python
            _ => Number(time, field) is var (value, digits) ? Pad(value, digits, field is 'e' or 'k' or 'l' ? ' ' : '0', padding) : null,
        };
    }

    private static (int Value, int Digits)? Number(DateTimeOffset time, char field)
    {
        var monday = ((int)time.DayOfWeek + 6) % 7;
        return field switch
        {
            'Y' => (time.Year, 4),
            'C' => (time.Year / 100, 2),
            'y' => (time.Year % 100, 2),
            'm' => (time.Month, 2),
            'd' or 'e' => (time.Day, 2),
            'H' or 'k' => (time.Hour, 2),
            'I' or 'l' => ((time.Hour + 11) % 12 + 1, 2),
            'M' => (time.Minute, 2),
            'S' => (time.Second, 2),
            'j' => (time.DayOfYear, 3),
            'w' => ((int)time.DayOfWeek, 1),
            'u' => (monday + 1, 1),
            'U' => ((time.DayOfYear + 6 - (int)time.DayOfWeek) / 7, 2),
            'W' => ((time.DayOfYear + 6 - monday) / 7, 2),
            'V' => (ISOWeek.GetWeekOfYear(time.DateTime), 2),
            'G' => (ISOWeek.GetYear(time.DateTime), 4),
            'g' => (ISOWeek.GetYear(time.DateTime) % 100, 2),
            _ => null,
        };
    }

    private static string Pad(int value, int digits, char usual, char padding)
    {
        var text = value.ToString(CultureInfo.InvariantCulture);
        return padding == '-' ? text : text.PadLeft(digits, padding == ' ' ? usual : padding == '_' ? ' ' : '0');
    }
}
