//! WASI preview 1 for Ahead.
