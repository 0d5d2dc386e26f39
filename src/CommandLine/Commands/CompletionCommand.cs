using System.CommandLine;
using System.CommandLine.Completions;

namespace ArchGen.CommandLine.Commands;

/// <summary><c>archgen completion</c>: a script that lets a shell complete commands, options and their values.</summary>
internal static class CompletionCommand
{
    // Each asks the command itself, PROGRAM [suggest:POSITION] LINE, without the command's own name; where it knows nothing, the shell offers files.
    private static readonly (string Shell, string Script)[] Scripts =
    [
        ("bash", """
            # eval "$({program} completion bash)" in ~/.bashrc
            _{function}() {
                local word="${COMP_WORDS[COMP_CWORD]}" line="${COMP_LINE:0:COMP_POINT}"
                line="${line#* }"
                local found each
                mapfile -t found < <("$1" "[suggest:${#line}]" "$line" 2>/dev/null)
                COMPREPLY=()
                for each in "${found[@]}"; do [[ "$each" == "$word"* ]] && COMPREPLY+=("$each"); done
            }
            complete -o default -F _{function} {program}
            """),
        ("zsh", """
            #compdef {program}
            # eval "$({program} completion zsh)" in ~/.zshrc, after compinit
            _{function}() {
                local line="${BUFFER[1,CURSOR]#* }"
                local -a found
                found=("${(@f)$($words[1] "[suggest:${#line}]" "$line" 2>/dev/null)}")
                [[ -n "${found[*]}" ]] && compadd -- "${found[@]}" || _files
            }
            compdef _{function} {program}
            """),
        ("fish", """
            # {program} completion fish > ~/.config/fish/completions/{program}.fish
            function __{function}
                set -l line (string replace -r '^\S+\s' '' -- (commandline -cp))
                {program} "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
            end
            complete -c {program} -a '(__{function})'
            """),
        ("pwsh", """
            # {program} completion pwsh | Out-String | Invoke-Expression in $PROFILE
            Register-ArgumentCompleter -Native -CommandName {program} -ScriptBlock {
                param($word, $ast, $position)
                $line = ($ast.ToString().PadRight($position).Substring(0, $position)) -replace '^\S+\s', ''
                {program} "[suggest:$($line.Length)]" $line 2>$null | Where-Object { $_ -like "$word*" } | ForEach-Object {
                    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
                }
            }
            """),
    ];

    public static Command Create(Terminal terminal)
    {
        string[] shells = [.. Scripts.Select(s => s.Shell)];
        var shell = new Argument<string>("SHELL") { Description = $"The shell: {string.Join(", ", shells)}." };
        shell.CompletionSources.Add(_ => shells.Select(name => new CompletionItem(name)));
        var command = new ExampleCommand(
            "completion",
            "Prints a script that lets a shell complete commands, options and their values.",
            "completion bash",
            $"completion fish > ~/.config/fish/completions/{terminal.ProgramName}.fish")
        {
            shell,
        };
        command.SetAction(parsed =>
        {
            var name = parsed.GetValue(shell)!;
            var script = Array.Find(Scripts, s => s.Shell == name || (s.Shell == "pwsh" && name == "powershell")).Script
                ?? throw new RequestException($"There is no script for '{name}'. Choose one of {string.Join(", ", shells)}.");
            terminal.Out.Write(Named(script, terminal.ProgramName).ReplaceLineEndings("\n") + "\n");
        });
        return command;
    }

    // What a shell would read in the name would be run with the script.
    private static string Named(string script, string program)
    {
        if (program.Length == 0 || !char.IsAsciiLetterOrDigit(program[0]) || !program.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.'))
            throw new RequestException($"The program's name '{program}' has characters that mean something to a shell. Rename it: letters, digits, -, _ and .");
        return script.Replace("{program}", program, StringComparison.Ordinal)
            .Replace("{function}", string.Concat(program.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_')), StringComparison.Ordinal);
    }
}
