//! Phase `codegen`.
