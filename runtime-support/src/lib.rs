//! Opens artefacts and runs them: instances, memories, traps, host functions.
