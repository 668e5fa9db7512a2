#!/bin/bash
# demo.sh [ALGOCTL]   a model is retrained, and each caller gets the bytes that it asked for
#
# Two callers use acme/sentiment. One pinned the first version, the other follows the range ^1.
# The model is retrained and released; later somebody overwrites the old file in place. Each step is
# checked: the demo fails where a promise does not hold. Exits 77 where scikit-learn is not installed.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
program=$(command -v "${1:-algoctl}") || {
  echo "demo: no program '${1:-algoctl}'" >&2
  exit 2
}
program=$(realpath "$program")
sentence='the bass is sick'

# The python3 in PATH need not be the one that Debian's packages are for.
find_python() {
  local candidate
  for candidate in "${PYTHON:-}" python3 /usr/bin/python3; do
    if [ -n "$candidate" ] && "$candidate" -c 'import joblib, sklearn' 2>/dev/null; then
      echo "$candidate"
      return
    fi
  done
  echo "demo: skipped, no Python with scikit-learn and joblib" >&2
  echo "  hint: apt-get install python3-sklearn python3-joblib, or set PYTHON" >&2
  exit 77
}
python=$(find_python)

# A home and a cache of its own: nothing of the person's is touched, nothing is left.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export ALGOCTL_HOME=$work/home XDG_CACHE_HOME=$work/cache XDG_CONFIG_HOME=$work/config
unset CI ALGOCTL_REGISTRY ALGOCTL_STORE
[ -z "${DEMO_STORE:-}" ] || export ALGOCTL_STORE=$DEMO_STORE # examples/stores
mkdir -p "$work/sentiment" "$work/pinned" "$work/following"

# Each command is shown as a person would type it, then what it answers, also where the answer is
# captured: both go to the demo's own stdout.
exec 3>&1
show() { printf '%s\n' "$*" >&3; }

step() { show "" && show "# $*"; }

# run COMMAND...: passes its answer on, and shows it.
run() {
  local answer status=0
  answer=$("$@") || status=$?
  [ -z "$answer" ] || show "$answer"
  printf '%s\n' "$answer"
  return "$status"
}

algoctl() {
  local word words=
  for word in "$@"; do
    case $word in *[!A-Za-z0-9@%_./:=+-]*) words+=" '$word'" ;; *) words+=" $word" ;; esac
  done
  show "\$ algoctl$words"
  run "$program" "$@"
}

train() {
  local names
  names=$(basename -a "$@" | paste -sd ' ')
  show "\$ python3 train.py $names"
  (cd "$here" && run "$python" train.py "$@") >/dev/null
}

answer() {
  show "\$ python3 answer.py $(basename "$1") '$sentence'"
  run "$python" "$here/answer.py" "$1" "$sentence"
}

digest() {
  show "\$ sha256sum $(basename "$1")"
  run sha256sum "$1" | cut -d ' ' -f 1
}

# expect WHAT GOT WANTED: fails unless they are the same.
expect() {
  [ "$2" = "$3" ] && return
  printf 'demo: %s: got "%s", not "%s"\n' "$1" "$2" "$3" >&2
  exit 1
}

# The two callers: each pulls as it would when it starts.
pinned_model() { cd "$work/pinned" && algoctl pull acme/sentiment --locked; }
following_model() { cd "$work/following" && algoctl pull 'acme/sentiment@^1'; }

step "January: train, upload, publish"
cd "$work/sentiment"
train "$PWD/mymodel-201901.pkl" reviews-201901.tsv
expect "the manifest" "$(algoctl init acme/sentiment)" "$work/sentiment/algorithm.json"
expect "the upload" "$(algoctl upload mymodel-201901.pkl)" data://acme/sentiment/mymodel-201901.pkl
expect "the version" "$(algoctl publish -m 'trained on January')" 1.0.0

january=$(digest mymodel-201901.pkl)

step "One caller pins this version, down to the bytes; another follows ^1"
cd "$work/pinned"
expect "the pin" "$(algoctl pin acme/sentiment@1.0.0)" acme/sentiment@1.0.0
pinned=$(pinned_model)
following=$(following_model)
expect "the pinned caller's file" "$(digest "$pinned")" "$january"
expect "the following caller's file" "$(digest "$following")" "$january"
expect "its name" "$(basename "$pinned")" mymodel-201901.pkl
before=$(answer "$pinned")

step "February: retrain, upload under a new dated name, publish: the version number moves"
cd "$work/sentiment"
train "$PWD/mymodel-201902.pkl" reviews-201901.tsv reviews-201902.tsv
expect "the upload" "$(algoctl upload mymodel-201902.pkl)" data://acme/sentiment/mymodel-201902.pkl
expect "the version" "$(algoctl publish -m 'retrained with February')" 1.1.0
february=$(digest mymodel-201902.pkl)

step "Run it again, as automation does: it is done already"
expect "the second publish" "$(algoctl publish -m 'retrained with February')" 1.1.0

step "Each caller starts anew and answers: '$sentence'"
pinned=$(pinned_model)
following=$(following_model)
pinned_answer=$(answer "$pinned")
following_answer=$(answer "$following")
expect "the pinned caller's file" "$(digest "$pinned")" "$january"
expect "the following caller's file" "$(digest "$following")" "$february"
expect "the pinned caller's answer, as before" "$pinned_answer" "$before"
expect "the pinned caller's label" "${pinned_answer%% *}" negative
expect "the following caller's label" "${following_answer%% *}" positive

step "Somebody overwrites the file at the source, the name unchanged"
cd "$work/sentiment"
train "$PWD/new.pkl" reviews-201902.tsv
new=$(digest new.pkl)
status=0
algoctl upload new.pkl --as mymodel-201901.pkl --no-manifest >/dev/null || status=$?
show "exit status $status"
expect "without --replace: exit status" "$status" 4
expect "with --replace" "$(algoctl upload new.pkl --as mymodel-201901.pkl --replace --no-manifest)" \
  data://acme/sentiment/mymodel-201901.pkl
expect "what the label names now" "$(algoctl resolve data://acme/sentiment/mymodel-201901.pkl)" \
  "sha256:$new"

step "The pinned caller starts on a machine that has nothing in its cache"
rm -rf "$XDG_CACHE_HOME"
pinned=$(pinned_model)
expect "the pinned caller's file" "$(digest "$pinned")" "$january"
expect "the pinned caller's answer" "$(answer "$pinned")" "$before"
expect "the version of ^1" "$(algoctl resolve 'acme/sentiment@^1')" 1.1.0

printf '\n%s\n' "shown: the caller of ^1 got the retrained model ($following_answer); the caller \
pinned to 1.0.0 kept its bytes and its answer ($pinned_answer), also after the overwrite"
