#!/usr/bin/env bash
# Runs all tests: natively, and under qemu what concerns aarch64.
#
#   scripts/test.sh          what a change must pass; the suite under qemu is a written subset
#   scripts/test.sh --full   the whole suite under qemu too, the corpus programs that run for long, and large programs
#                            built for it
#
# Corpus tests look for modules in $AHEAD_CORPUS, or in ../shared/corpus (a corpus checked out beside the
# repository); without one they say so and pass.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

case "${1-}" in
  "") ;;
  --full) export AHEAD_TEST_FULL=1 ;;
  *) sed -n '2,9s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac

step() { printf '\n== %s\n' "$*" >&2; }

step "setting up"
scripts/setup.sh

target=${CARGO_TARGET_DIR:-target}
mkdir -p "$target"
target=$(cd "$target" && pwd)

step "building ahead and libahead, release"
cargo build --release --locked
export AHEAD_BIN="$target/release/ahead" AHEAD_LIB_DIR="$target/release"

step "building the runtime for aarch64, release"
# With a libc of its own: under qemu's user mode a program that loads its libraries cannot make threads.
scripts/aarch64-cargo.sh rustc --release --locked -p ahead --no-default-features --features serve -- \
  -C target-feature=+crt-static
scripts/aarch64-cargo.sh build --release --locked -p ahead-capi -p ahead-envoy -p ahead-filter-host
export AHEAD_AARCH64_DIR="${AHEAD_AARCH64_TARGET_DIR:-$target/aarch64}/aarch64-unknown-linux-gnu/release"

step "style"
cargo fmt --all --check
cargo clippy --workspace --all-targets --locked -- -D warnings

if [ -n "${AHEAD_TEST_FULL-}" ]; then
  step "building large programs"
  scripts/programs.sh
fi

step "tests"
cargo test --workspace --locked --no-fail-fast
