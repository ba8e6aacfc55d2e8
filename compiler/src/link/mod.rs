//! Phase `link`.
