#!/bin/bash
# install_test.sh BUILD_FOLDER C++_COMPILER
#
# Installs the build under a temporary prefix and builds tests/install/consumer against it as a
# stranger would: with find_package and both libraries, and with pkg-config alone.
set -eu

build=$1
compiler=$2
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
prefix=$work/prefix

say() { echo "== $*"; }

fail() {
  echo "install_test: $*" >&2
  exit 1
}

# Every line of `nm` that is no symbol of ours. The marks are what the headers export; the rest of
# the names are those that the C++ ABI derives from them.
foreign_symbols() {
  grep -vE '^[0-9a-f]+ ([A-Zu] ((typeinfo|typeinfo name|vtable) for )?algoctl::|T algoctl_[a-z_]+$)' ||
    true
}

check_files() {
  local file
  for file in bin/algoctl include/algoctl/algoctl.h include/algoctl/client.h include/algoctl/c.h lib/libalgoctl.a \
    lib/libalgoctl.so lib/libalgoctl.so.0 lib/libalgoctl-http.so.0 lib/cmake/algoctl/algoctlConfig.cmake \
    lib/cmake/algoctl/algoctlConfigVersion.cmake lib/cmake/algoctl/algoctlTargets.cmake \
    lib/pkgconfig/algoctl.pc share/doc/algoctl/LICENSE; do
    [ -e "$prefix/$file" ] || fail "not installed: $file"
  done
  # What is installed must not remember where it was built.
  if grep -rlF "$build" "$prefix/lib/cmake" "$prefix/lib/pkgconfig" "$prefix/include"; then
    fail "names the build folder"
  fi
}

# Completions where each shell looks for them, man pages where help2man is there to make them.
check_pages() {
  local file command
  for file in bash-completion/completions/algoctl zsh/site-functions/_algoctl \
    fish/vendor_completions.d/algoctl.fish; do
    grep -q __complete "$prefix/share/$file" || fail "no completion in share/$file"
  done
  command -v help2man >/dev/null || return 0
  for command in algoctl algoctl-init algoctl-publish algoctl-resolve algoctl-completion; do
    file=$prefix/share/man/man1/$command.1
    grep -q "^\.TH ${command^^} " "$file" || fail "no man page $file"
    grep -q '^\.SH "SEE ALSO"' "$file" || fail "$file is cut short"
  done
  grep -q "algoctl publish .*retrained" "$prefix/share/man/man1/algoctl-publish.1" ||
    fail "the man page of publish shows no example"
  [ "$(find "$prefix/share/man/man1" -name 'algoctl-*.1' | wc -l)" -eq \
    "$("$prefix/bin/algoctl" --help | grep -c '^  [a-z][a-z]*\( [a-z]*\)\?  ')" ] ||
    fail "not as many man pages as commands"
}

# The pages link to each other and to what is installed with them.
check_links() {
  local page link doc=$prefix/share/doc/algoctl
  while read -r page; do
    while read -r link; do
      [ -e "$(dirname "$page")/$link" ] || fail "$page links to $link, which is not installed"
    done < <(grep -oE '\]\([A-Za-z0-9._/-]+[)#]' "$page" | tr -d '])(#')
  done < <(find "$doc" -name '*.md')
}

check_symbols() {
  local symbols=$work/symbols foreign
  [ -n "$(echo '0 W SQLite::Database::exec()' | foreign_symbols)" ] || fail "the check is blind"
  [ -n "$(echo '0 T sqlite3_open' | foreign_symbols)" ] || fail "the check is blind"
  [ -n "$(echo '0 B algoctl_state' | foreign_symbols)" ] || fail "the check is blind"
  nm -D --defined-only -C "$prefix/lib/libalgoctl.so" >"$symbols"
  grep -q ' algoctl::Version::parse(' "$symbols" || fail "Version::parse is not exported"
  grep -q ' typeinfo for algoctl::Error$' "$symbols" || fail "Error's type is not exported"
  foreign=$(foreign_symbols <"$symbols")
  [ -z "$foreign" ] || fail "libalgoctl.so exports what is not ours:
$foreign"
  [ "$(nm -D --defined-only "$prefix/lib/libalgoctl-http.so.0" | cut -d' ' -f2-)" = \
    "T algoctl_http_module" ] || fail "libalgoctl-http.so exports more than its entry"
}

# consume NAME COMMAND...: the program must exist and do its work.
consume() {
  say "$1 runs"
  shift
  (cd "$work" && env -u CI "$@")
}

say "install"
cmake --install "$build" --prefix "$prefix" >/dev/null
check_files
check_pages
check_links
check_symbols

say "find_package"
cmake -S "$here/consumer" -B "$work/consumer" -DCMAKE_PREFIX_PATH="$prefix" \
  -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_CXX_FLAGS="-Wall -Wextra -Wpedantic -Werror" >/dev/null
cmake --build "$work/consumer"
consume "find_package, static" "$work/consumer/consumer_static"
consume "find_package, shared" "$work/consumer/consumer_shared"
consume "find_package, static with HTTP" "$work/consumer/consumer_http"
if ldd "$work/consumer/consumer_static" | grep -q libalgoctl; then
  fail "consumer_static links the shared library"
fi
ldd "$work/consumer/consumer_http" | grep -q libalgoctl-http || fail "consumer_http lacks the module"
for file in bin/algoctl lib/libalgoctl.so; do
  if ldd "$prefix/$file" | grep -q libcurl; then fail "$file loads libcurl, wanted or not"; fi
done

if pkg-config --exists cpp-httplib; then
  cmake -S "$here/../../examples/scorer" -B "$work/scorer" -DCMAKE_PREFIX_PATH="$prefix" \
    -DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_CXX_FLAGS="-Wall -Wextra -Wpedantic -Werror" >/dev/null
  cmake --build "$work/scorer"
  [ "$("$work/scorer/scorer" 2>&1)" = "usage: scorer HOME REFERENCE [PORT]" ] ||
    fail "examples/scorer does not run"
else
  say "examples/scorer: not tried, no cpp-httplib"
fi

say "pkg-config"
export PKG_CONFIG_PATH=$prefix/lib/pkgconfig
# shellcheck disable=SC2046  # pkg-config prints a list of words
"$compiler" -std=c++17 "$here/consumer/main.cc" -o "$work/consumer_pkg" \
  $(pkg-config --cflags --libs algoctl)
consume "pkg-config, shared" env LD_LIBRARY_PATH="$prefix/lib" "$work/consumer_pkg"

"${CC:-cc}" -std=c99 -Wall -pedantic -Werror "$here/../c/ship.c" -o "$work/ship" \
  "-I$prefix/include" "-L$prefix/lib" -lalgoctl
mkdir "$work/shipped"
consume "C, shared" env LD_LIBRARY_PATH="$prefix/lib" "$work/ship" "$work/shipped"
cmake -S "$here/consumer_c" -B "$work/consumer_c" -DCMAKE_PREFIX_PATH="$prefix" >/dev/null
cmake --build "$work/consumer_c"
mkdir "$work/shipped_cmake"
consume "C, static, find_package" "$work/consumer_c/ship" "$work/shipped_cmake"

# The package finds the library of its own prefix; pip takes it from its folder, without a network.
say "python"
package=$(dirname "$(find "$prefix/lib" -path '*/algoctl/py.typed')")
[ -f "$package/_model.py" ] || fail "no Python package under $prefix/lib"
consume "python, installed" env -u ALGOCTL_LIBRARY -u LD_LIBRARY_PATH PYTHONDONTWRITEBYTECODE=1 \
  "PYTHONPATH=$(dirname "$package")" python3 -c 'import algoctl; print(algoctl.__version__)'
python=
for candidate in python3 /usr/bin/python3; do
  "$candidate" -c 'import pip, setuptools, wheel' 2>/dev/null && python=$candidate && break
done
if [ -n "$python" ]; then
  cp -r "$here/../../bindings/python" "$work/python"
  (cd "$work" && "$python" -m pip install --quiet --disable-pip-version-check --no-build-isolation \
    --no-index --root-user-action=ignore --target "$work/site" ./python 2>"$work/pip.txt") ||
    fail "pip: $(cat "$work/pip.txt")"
  consume "python, by pip" env "ALGOCTL_LIBRARY=$prefix/lib/libalgoctl.so" \
    "PYTHONPATH=$work/site" "$python" -c 'import algoctl; print(algoctl.__version__)'
else
  say "python, by pip: not tried, no python3 has pip, setuptools and wheel"
fi

# The archive is found when the shared library is not beside it.
rm "$prefix"/lib/libalgoctl.so*
# shellcheck disable=SC2046
"$compiler" -std=c++17 "$here/consumer/main.cc" -o "$work/consumer_pkg_static" \
  $(pkg-config --static --cflags --libs algoctl)
consume "pkg-config, static" "$work/consumer_pkg_static"
# shellcheck disable=SC2046
"${CC:-cc}" -std=c99 "$here/../c/ship.c" -o "$work/ship_static" \
  $(pkg-config --static --cflags --libs algoctl)
mkdir "$work/shipped_static"
consume "C, static, pkg-config" "$work/ship_static" "$work/shipped_static"

# A moved prefix is still found, and the program needs nothing from the old one.
mv "$prefix" "$work/moved"
[ "$(PKG_CONFIG_PATH=$work/moved/lib/pkgconfig pkg-config --variable=prefix algoctl)" -ef \
  "$work/moved" ] || fail "algoctl.pc names the old prefix"
say "bin/algoctl runs"
"$work/moved/bin/algoctl" --version
