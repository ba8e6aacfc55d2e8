#!/usr/bin/env bash
# Compiles a real program ahead of time and runs it: jaq, a JSON processor from crates.io, built for WASI here and now.
# Everything lands in target/. Rust's library for WASI comes from rustup, or from Debian's packages.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly VERSION=1.6.0
target=${CARGO_TARGET_DIR:-target}
module=$target/try/bin/jaq.wasm

step() { printf '\n$ %s\n' "$*" >&2; "$@"; }

if [ ! -f "$module" ]; then
  step scripts/wasi-cargo.sh install jaq --version "$VERSION" --locked --no-default-features --target wasm32-wasip1 \
    --root "$target/try" --target-dir "$target/try/build" --quiet
fi
step cargo build --release --quiet

ahead=$target/release/ahead
input='{"moons": [{"name": "Io", "km": 1822}, {"name": "Europa", "km": 1561}]}'
filter='.moons | map(.km) | add'

step "$ahead" compile "$module" -o "$target/try/jaq.so" --time
printf '\n$ echo %s | ahead run jaq.so -- %s\n' "'$input'" "'$filter'" >&2
echo "$input" | "$ahead" run "$target/try/jaq.so" -- "$filter"

step "$ahead" compile "$module" -o "$target/try/jaq"
printf '\n$ echo %s | ./jaq %s\n' "'$input'" "'$filter'" >&2
echo "$input" | "$target/try/jaq" "$filter"
