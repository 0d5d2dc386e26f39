using System.IO.Compression;
using ArchGen.Gguf;
using ArchGen.Grammars;
using ArchGen.Tokenizers;

namespace ArchGen.Benchmarks.Grammars;

/// <summary>Grammars with a text of each, and the vocabularies.</summary>
internal static class Samples
{
    private const string Json = """
        root ::= value
        value ::= object | array | string | number | "true" | "false" | "null"
        object ::= "{" ws (member ("," ws member)*)? "}"
        member ::= string ":" ws value ws
        array ::= "[" ws (value ws ("," ws value ws)*)? "]"
        string ::= "\"" ([^"\\\x00-\x1F] | "\\" (["\\/bfnrt] | "u" [0-9a-fA-F]{4}))* "\""
        number ::= "-"? ("0" | [1-9] [0-9]*) ("." [0-9]+)? ([eE] [-+]? [0-9]+)?
        ws ::= [ \n]{0,20}
        """;

    private const string Record = """
        root ::= "[" record ("," ws record)* "]"
        record ::= ("{\"name\":" ws string ",\"age\":" ws int ",\"kind\":" ws kind ",\"tags\":" ws tags
            "," ws "\"note\":" ws note "," ws "\"next\":" ws (record | "null") "}")
        kind ::= "\"person\"" | "\"company\"" | "\"pet\""
        tags ::= "[" (id ("," ws id)*)? "]"
        id ::= "\"" [a-z] [a-z0-9_-]{0,40} "\""
        note ::= "\"" char{0,200} "\""
        string ::= "\"" char* "\""
        char ::= [^"\\\x00-\x1F] | "\\" (["\\/bfnrt] | "u" [0-9a-fA-F]{4})
        int ::= "0" | [1-9] [0-9]{0,15}
        ws ::= [ \n]{0,20}
        """;

    private const string Arithmetic = """
        %ignore /[ \t]+/
        %import common.NUMBER
        %import common.CNAME
        start: statement ("\n" statement)*
        statement: CNAME "=" sum
        sum: product | sum ("+" | "-") product
        product: atom | product ("*" | "/") atom
        atom: NUMBER | CNAME | "(" sum ")" | CNAME "(" [sum ("," sum)*] ")"
        """;

    // An identifier may be any keyword.
    private const string Program = """
        %ignore /[ \t]+/
        start: line+
        line: statement? NEWLINE
        statement: "if" test ":" statement | "while" test ":" statement | "for" NAME "in" test ":" statement | "return" [test]
            | "def" NAME "(" [NAME ("," NAME)*] ")" ":" statement | "import" NAME ("as" NAME)? | "from" NAME "import" NAME ("," NAME)*
            | "pass" | "break" | "continue" | "raise" test | "assert" test | "del" NAME | "global" NAME | test "=" test | test
            | "select" NAME ("," NAME)* "from" NAME ["where" test] ["order" "by" NAME] ["limit" NUMBER]
        test: conjunction | test "or" conjunction | test "if" conjunction "else" test
        conjunction: comparison | conjunction "and" comparison | "not" comparison
        comparison: sum | comparison ("<" | ">" | "==" | "in" | "is" | "not" "in" | "is" "not") sum
        sum: term | sum ("+" | "-") term
        term: atom | term ("*" | "/" | "%") atom
        atom: NAME | NUMBER | STRING | "None" | "True" | "False" | "(" test ")" | "[" [test ("," test)*] "]" | atom "." NAME
            | atom "(" [test ("," test)*] ")" | atom "[" test "]" | "lambda" NAME ":" test
        NAME: /[A-Za-z_][A-Za-z0-9_]*/
        NUMBER: /[0-9]+(\.[0-9]+)?/
        STRING: /"[^"\n]*"/
        NEWLINE: /\n/
        """;

    private const string Tool = """
        start: (TEXT | call)* TEXT
        TEXT: /(?s:.)*/ & ~/(?s:.*<call>.*)/
        call: "<call>" /[a-z_]{1,30}/ "(" /[^()]{0,100}/ ")" "</call>"
        """;

    public static IReadOnlyList<(string Name, Func<Tokenizer, CompiledGrammar> Compile, string Text)> All { get; } =
    [
        ("json", tokenizer => CompiledGrammar.FromGbnf(Json, tokenizer), JsonText),
        ("record", tokenizer => CompiledGrammar.FromGbnf(Record, tokenizer), RecordText),
        ("arithmetic", tokenizer => CompiledGrammar.FromLark(Arithmetic, tokenizer), ArithmeticText),
        ("program", tokenizer => CompiledGrammar.FromLark(Program, tokenizer), ProgramText),
        ("tool", tokenizer => CompiledGrammar.FromLark(Tool, tokenizer), ToolText),
        ("words", _ => CompiledGrammar.FromRegex("[A-Za-z]+( [A-Za-z]+)*[.!?]"), "The quick brown fox jumps over the lazy dog and runs into the deep forest."),
    ];

    public static IReadOnlyList<string> Vocabularies { get; } = ["deepseek-v3", "llama-3.1", "smollm2"];

    private const string ArithmeticText = "total = (price + 3.5) * count - f(a, b*2, 7)\nrate = total / 12\nx = ((a) + (b)) * sin(0.25)";

    private const string ProgramText = "from math import sin, floor\nimport collections as c\ndef area(width, height): return width * height\n"
        + "if total > 3 and name not in names: print(\"too many\")\nvalues = [row.price if row.price else 0, find(rows, lambda r: r.id == 7)]\n"
        + "for index in range(10): global_total = global_total + values[index]\nselect name, price from items where price > 10 order by price limit 5\n";

    private const string ToolText = "I will look that up for you, and < 3 seconds later: <call>get_weather(city=Berlin)</call> It is sunny.\n";

    private static string JsonText => """
        {"widget": {"debug": "on", "window": {"title": "Sample Konfabulator Widget – größer", "name": "main_window", "width": 500, "height": -50.25e3},
        "image": {"src": "Images/Sun.png", "hOffset": 250, "vOffset": 250, "alignment": "center"}, "ids": [1, 2, 3, [4, [5, null]]],
        "text": {"data": "Click Here\nnow \u00e9",
        "size": 36, "style": "bold", "onMouseUp": "sun1.opacity = (sun1.opacity / 100) * 90;", "ok": true}}}
        """.ReplaceLineEndings("\n");

    private static string RecordText => """
        [{"name": "Ada Lovelace","age": 36,"kind": "person","tags": ["math", "first-programmer"],
        "note": "Wrote notes on the analytical engine, \"G\" among them.","next": null},
        {"name":"Acme","age":120,"kind":"company","tags":[],"note":"",
        "next":{"name":"Rex","age":4,"kind":"pet","tags":["dog"],"note":"Good boy.","next":null}}]
        """.ReplaceLineEndings("\n");

    /// <summary>A tokenizer of the shared fixtures.</summary>
    /// <param name="fixtures">The folder <c>fixtures</c>.</param>
    public static Tokenizer Open(string fixtures, string name)
    {
        if (name == "smollm2")
        {
            using var model = GgufFile.Open(Path.Combine(fixtures, "models", "SmolLM2-135M-Instruct.Q4_1.gguf"));
            return Tokenizer.FromMetadata(model.Metadata);
        }

        var folder = Directory.CreateTempSubdirectory("archgen-");
        try
        {
            using (var source = new GZipStream(File.OpenRead(Path.Combine(fixtures, "tokenizer-json", name, "tokenizer.json.gz")), CompressionMode.Decompress))
            using (var target = File.Create(Path.Combine(folder.FullName, "tokenizer.json")))
                source.CopyTo(target);
            foreach (var file in (string[])["tokenizer_config.json", "config.json"])
            {
                var path = Path.Combine(fixtures, "tokenizer-json", name, file);
                if (File.Exists(path)) File.Copy(path, Path.Combine(folder.FullName, file));
            }

            return CheckpointTokenizer.Open(Path.Combine(folder.FullName, "tokenizer.json"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
