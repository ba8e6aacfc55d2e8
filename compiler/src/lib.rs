//! WebAssembly in, native code for x86-64 and aarch64 out.
