#!/usr/bin/env bash
# cargo that can build for wasm32-wasip1: `scripts/wasi-cargo.sh install jaq --target wasm32-wasip1 ...`.
#
# Rust's own std for WASI where rustup has it or can get it; else, on Debian, a sysroot made once in target/ from
# Debian's sources of std (`rust-web-src`) and its wasi-libc. That takes a minute or two.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly WASI=wasm32-wasip1 HOST=x86_64-unknown-linux-gnu
say() { printf 'wasi-cargo: %s\n' "$*" >&2; }

if command -v rustup >/dev/null; then
  if rustup target list --installed | grep -qx $WASI || rustup target add $WASI >&2; then
    exec cargo "$@"
  fi
  say "rustup cannot get the target; trying Debian's"
fi

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }
packages=(rustc-web cargo-web rust-web-src libstd-rust-web-dev wasi-libc lld-19 clang-19)
if ! dpkg -s "${packages[@]}" >/dev/null 2>&1; then
  command -v apt-get >/dev/null || { say "error: neither rustup's target nor Debian's packages"; exit 1; }
  as_root apt-get update -q >&2
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${packages[@]}" >&2
fi

target=${CARGO_TARGET_DIR:-target}
mkdir -p "$target"
sysroot=$(cd "$target" && pwd)/wasi-sysroot

make_sysroot() {
  local work=$1 new=$2 lib=$2/lib/rustlib
  mkdir -p "$work/src" "$lib/$HOST/bin" "$lib/$WASI/lib/self-contained" "$new/bin"
  printf '[package]\nname = "std-for-wasi"\nversion = "0.0.0"\nedition = "2024"\n' >"$work/Cargo.toml"
  echo 'fn main() {}' >"$work/src/main.rs"
  (
    cd "$work"
    RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 CARGO_TARGET_WASM32_WASIP1_LINKER=wasm-ld-19 \
      CARGO_TARGET_WASM32_WASIP1_RUSTFLAGS="-C embed-bitcode=yes -L native=/usr/lib/wasm32-wasi" \
      /usr/bin/cargo build --release --quiet --target $WASI -Zbuild-std=std,panic_abort --target-dir "$work/target" >&2
  )
  cp "$work"/target/$WASI/release/deps/*.rlib "$lib/$WASI/lib/"
  cp /usr/lib/wasm32-wasi/lib*.a "$lib/$WASI/lib/self-contained/"
  # What std asks of a newer wasi-libc than Debian's: threads that are not there, and realpath.
  cat >"$work/missing.c" <<'EOF'
#define EAGAIN 6
#define ENOTSUP 58
int close(int);
int pthread_attr_init(void *a) { return 0; }
int pthread_attr_destroy(void *a) { return 0; }
int pthread_attr_setstacksize(void *a, unsigned long n) { return 0; }
int pthread_attr_setguardsize(void *a, unsigned long n) { return 0; }
int pthread_create(void *t, const void *a, void *(*f)(void *), void *p) { return EAGAIN; }
int pthread_join(void *t, void **r) { return ENOTSUP; }
int pthread_detach(void *t) { return ENOTSUP; }
void *pthread_self(void) { return 0; }
char *realpath(const char *p, char *r) { close(-1); return 0; }
EOF
  clang-19 --target=wasm32-wasi -w -O2 -c "$work/missing.c" -o "$work/missing.o"
  for start in crt1-command crt1-reactor; do
    wasm-ld-19 -r /usr/lib/wasm32-wasi/$start.o "$work/missing.o" -o "$lib/$WASI/lib/self-contained/$start.o"
  done
  # What build scripts and procedural macros are built with, and the linker.
  ln -s /usr/lib/rustlib/$HOST/lib "$lib/$HOST/lib"
  ln -s "$(readlink -f /usr/bin/lld-19)" "$lib/$HOST/bin/rust-lld"
}

if [ ! -d "$sysroot" ]; then
  say "making std for WASI in $sysroot"
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  make_sysroot "$work/build" "$work/sysroot"
  printf '#!/bin/sh\nexec /usr/bin/rustc --sysroot "%s" "$@"\n' "$sysroot" >"$work/sysroot/bin/rustc"
  chmod +x "$work/sysroot/bin/rustc"
  mv "$work/sysroot" "$sysroot"
  rm -rf "$work"
fi
# Not the pinned toolchain: rustup's choice must not leak into Debian's cargo.
unset RUSTUP_TOOLCHAIN
RUSTC="$sysroot/bin/rustc" exec /usr/bin/cargo "$@"
