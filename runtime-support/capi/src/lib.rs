//! The C API of the Ahead runtime: libahead.a, libahead.so, ahead.h.
