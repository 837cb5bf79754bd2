# Completion of copse for fish:  copse completion fish > ~/.config/fish/completions/copse.fish
function __copse_complete
    set -l words (commandline -opc) (commandline -ct)
    for line in (copse __complete $words[2..-1] 2>/dev/null)
        if test "$line" = ":files"
            __fish_complete_path (commandline -ct)
            return
        end
        echo $line
    end
end
complete -c copse -f -a '(__copse_complete)'
