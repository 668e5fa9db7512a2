# Completion of algoctl in bash 4.4 and later. Printed by `algoctl completion bash`.

_algoctl() {
  local piece=$2 paths='' before='' word kind fallback
  COMPREPLY=()
  {
    IFS=$'\t' read -r paths before
    while IFS=$'\t' read -r word _; do COMPREPLY+=("$word"); done
  } < <("$1" __complete line "${COMP_LINE:0:COMP_POINT}" "$piece" 2>/dev/null)
  compopt -o nosort
  # The word goes on after these.
  if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[@=/:] ]]; then compopt -o nospace; fi
  case $paths in
    files) kind=file fallback=default ;;
    folders) kind=directory fallback=dirnames ;;
    *) return ;;
  esac
  if [[ -n $before && $piece == "$before"* ]]; then
    # `=` does not break words here: readline sees no path within this one.
    while IFS= read -r word; do
      printf -v word %q "$word"
      COMPREPLY+=("$before$word")
    done < <(compgen -A "$kind" -- "${piece#"$before"}")
    compopt -o nospace
  elif [[ ${#COMPREPLY[@]} -eq 0 || -n $(compgen -A "$kind" -- "$piece") ]]; then
    COMPREPLY=()
    compopt -o "$fallback"
  fi
}

complete -F _algoctl algoctl
