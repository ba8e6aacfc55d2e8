//! Phase `emit`.
