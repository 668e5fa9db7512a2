# Completion of algoctl in fish. Printed by `algoctl completion fish`.

function __algoctl_complete
    set -l program (commandline -opc)[1]
    set -l answer ($program __complete line (commandline -cp | string collect) 2>/dev/null)
    set -q answer[1]; or return
    set -l paths (string split \t -- $answer[1])
    set -e answer[1]
    string join \n -- $answer
    set -l typed (string replace -- "$paths[2]" '' (commandline -ct))
    switch $paths[1]
        case files
            for path in (__fish_complete_path $typed)
                echo $paths[2]$path
            end
        case folders
            for path in (__fish_complete_directories $typed)
                echo $paths[2]$path
            end
    end
end

complete -c algoctl -f -k -a '(__algoctl_complete)'
