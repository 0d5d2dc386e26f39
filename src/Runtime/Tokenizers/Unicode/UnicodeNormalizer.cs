using System.Text;

namespace ArchGen.Tokenizers.Unicode;

/// <summary>
/// Unicode normalization forms (Unicode Standard Annex 15), which .NET does not compute in invariant globalization. <c>normalization.txt</c> holds, after
/// UnicodeData.txt 15.1: a code point, what follows, and its decomposition (<c>=</c> canonical and composed again, <c>-</c> canonical only,
/// <c>~</c> compatible) or <c>#</c> and its combining class.
/// </summary>
internal static class UnicodeNormalizer
{
    private const int FirstHangul = 0xAC00;
    private const int HangulCount = 11172;
    private const int FirstInitial = 0x1100;
    private const int FirstMedial = 0x1161;
    private const int BeforeFinal = 0x11A7;

    private static readonly Lazy<Tables> Data = new(() => new Tables());

    /// <param name="compatible">Also replace compatible characters, as NFKC and NFKD do.</param>
    public static string Decompose(string text, bool compatible) => Ascii.IsValid(text) ? text : ToText(DecomposeToList(text, compatible));

    /// <param name="compatible">NFKC instead of NFC.</param>
    public static string Compose(string text, bool compatible)
    {
        if (Ascii.IsValid(text)) return text;
        var points = DecomposeToList(text, compatible);
        Compose(points);
        return ToText(points);
    }

    /// <summary>Whether a code point is a mark in the sense of general category M.</summary>
    public static bool IsMark(int codePoint) => System.Globalization.CharUnicodeInfo.GetUnicodeCategory(codePoint)
        is >= System.Globalization.UnicodeCategory.NonSpacingMark and <= System.Globalization.UnicodeCategory.EnclosingMark;

    private static List<int> DecomposeToList(string text, bool compatible)
    {
        List<int> points = new(text.Length);
        foreach (var rune in text.EnumerateRunes()) Append(rune.Value, compatible, points);
        var classes = Data.Value.Classes;
        for (var i = 1; i < points.Count; i++)
        {
            // Marks are put in the order of their classes; a stable insertion, by halves where a hostile text has thousands of them.
            if (ClassOf(points[i], classes) == 0) continue;
            var start = i;
            var end = i + 1;
            while (end < points.Count && ClassOf(points[end], classes) != 0) end++;
            if (end - start > 1)
            {
                var sorted = points.GetRange(start, end - start).OrderBy(point => classes[point]).ToArray();
                for (var j = 0; j < sorted.Length; j++) points[start + j] = sorted[j];
            }

            i = end;
        }

        return points;
    }

    private static int ClassOf(int point, Dictionary<int, byte> classes) => point < 0x300 ? 0 : classes.GetValueOrDefault(point);

    private static void Append(int point, bool compatible, List<int> points)
    {
        if (point < 0xA0)
        {
            points.Add(point);
        }
        else if (point is >= FirstHangul and < FirstHangul + HangulCount)
        {
            var index = point - FirstHangul;
            points.Add(FirstInitial + index / 588);
            points.Add(FirstMedial + index % 588 / 28);
            if (index % 28 != 0) points.Add(BeforeFinal + index % 28);
        }
        else if (Data.Value.Decompositions.TryGetValue(point, out var found) && (compatible || !found.Compatible))
        {
            foreach (var part in found.Parts) Append(part, compatible, points);
        }
        else
        {
            points.Add(point);
        }
    }

    private static void Compose(List<int> points)
    {
        var (classes, compositions) = (Data.Value.Classes, Data.Value.Compositions);
        var (starter, length, lastClass) = (-1, 0, 0);
        for (var i = 0; i < points.Count; i++)
        {
            var point = points[i];
            var combining = ClassOf(point, classes);
            var adjacent = starter == length - 1;
            if (starter >= 0 && (adjacent || lastClass < combining) && Pair(points[starter], point, compositions) is >= 0 and var composed)
            {
                points[starter] = composed;
                continue;
            }

            if (combining == 0) starter = length;
            lastClass = combining;
            points[length++] = point;
        }

        points.RemoveRange(length, points.Count - length);
    }

    private static int Pair(int first, int second, Dictionary<(int, int), int> compositions)
    {
        if (first is >= FirstInitial and < FirstInitial + 19 && second is >= FirstMedial and < FirstMedial + 21)
        {
            return FirstHangul + ((first - FirstInitial) * 21 + second - FirstMedial) * 28;
        }

        if (first is >= FirstHangul and < FirstHangul + HangulCount && (first - FirstHangul) % 28 == 0 && second is > BeforeFinal and < BeforeFinal + 28)
        {
            return first + second - BeforeFinal;
        }

        return compositions.TryGetValue((first, second), out var composed) ? composed : -1;
    }

    private static string ToText(List<int> points)
    {
        StringBuilder text = new(points.Count);
        foreach (var point in points) text.Append(new Rune(point));
        return text.ToString();
    }

    private sealed class Tables
    {
        public Tables()
        {
            foreach (var row in UnicodeData.Rows("unicode/normalization.txt"))
            {
                var point = UnicodeData.CodePoint(row[0]);
                var values = Array.ConvertAll(row[2..], UnicodeData.CodePoint);
                if (row[1] == "#") Classes[point] = (byte)values[0];
                else Decompositions[point] = (values, row[1] == "~");
                if (row[1] == "=") Compositions[(values[0], values[1])] = point;
            }
        }

        public Dictionary<int, byte> Classes { get; } = new(1000);

        public Dictionary<int, (int[] Parts, bool Compatible)> Decompositions { get; } = new(6000);

        public Dictionary<(int, int), int> Compositions { get; } = new(1000);
    }
}
