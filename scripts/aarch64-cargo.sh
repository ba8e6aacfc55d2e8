#!/usr/bin/env bash
# cargo for aarch64 Linux on an x86-64 machine: `scripts/aarch64-cargo.sh build --release -p ahead`.
# Takes the pinned toolchain if it has the target, else Debian's own Rust. Target folder: target/aarch64.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly TRIPLE=aarch64-unknown-linux-gnu
[ $# -gt 0 ] || { sed -n '2,3s/^# //p' "$0"; exit 2; }

export CARGO_TARGET_DIR="${AHEAD_AARCH64_TARGET_DIR:-${CARGO_TARGET_DIR:-target}/aarch64}"
export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER="${CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_LINKER:-aarch64-linux-gnu-gcc}"
export CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER="${CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUNNER:-qemu-aarch64-static -L /usr/aarch64-linux-gnu}"

subcommand=$1
shift
if command -v rustup >/dev/null 2>&1 && rustup target list --installed 2>/dev/null | grep -qx "$TRIPLE"; then
  exec cargo "$subcommand" --target "$TRIPLE" "$@"
elif compgen -G "/usr/lib/rustlib/$TRIPLE/lib/libstd-*.rlib" >/dev/null; then
  # Not the pinned toolchain: rustup's choice must not leak into Debian's cargo.
  unset RUSTUP_TOOLCHAIN
  export RUSTC=/usr/bin/rustc RUSTDOC=/usr/bin/rustdoc
  exec /usr/bin/cargo "$subcommand" --target "$TRIPLE" "$@"
else
  echo "error: no std for $TRIPLE" >&2
  echo >&2
  echo "hint: run scripts/setup.sh" >&2
  exit 1
fi
