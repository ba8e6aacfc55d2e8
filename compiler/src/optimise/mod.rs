//! Phase `optimise`.
