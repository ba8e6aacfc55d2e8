//! How the module is linked.

use std::path::Path;

fn main() {
    println!("cargo:rerun-if-changed=layout.ld");
    let layout = Path::new(env!("CARGO_MANIFEST_DIR")).join("layout.ld");
    println!("cargo:rustc-cdylib-link-arg=-Wl,-T,{}", layout.display());
    // What unwinds panics goes into the module: small images of Envoy have no libgcc_s.so.1.
    println!("cargo:rustc-link-lib=static:-bundle=gcc_eh");
}
