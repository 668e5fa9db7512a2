#compdef algoctl
# Completion of algoctl in zsh. Printed by `algoctl completion zsh`.

_algoctl() {
  local -a answer whole open
  local line word about paths before
  answer=("${(@f)$("${(Q)words[1]}" __complete words \
    "${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}" 2>/dev/null)}")
  paths=${answer[1]%%$'\t'*}
  before=${answer[1]#*$'\t'}
  for line in "${(@)answer[2,-1]}"; do
    word=${line%%$'\t'*}
    about=${line#*$'\t'}
    line=${word//:/\\:}${about:+:$about}
    # The word goes on after these.
    if [[ $word == *[@=/:] ]]; then open+=("$line"); else whole+=("$line"); fi
  done
  local found=1
  (( $#whole )) && _describe -V algoctl whole && found=0
  (( $#open )) && _describe -V algoctl open -S '' && found=0
  if [[ $paths != none ]]; then
    [[ -n $before ]] && compset -P "${(b)before}"
    if [[ $paths == folders ]]; then _files -/ && found=0; else _files && found=0; fi
  fi
  return found
}

if [[ $funcstack[1] == _algoctl ]]; then
  _algoctl "$@"
else
  compdef _algoctl algoctl
fi
