//! Tests of the whole: golden outputs, the specification's suite, corpora, the architecture.
