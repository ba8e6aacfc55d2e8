//! Scripts of the specification's test suite: `.wast` files, run directive by directive.
//!
//! A script's modules come from a [`ModuleSource`]: compiled here and now, or looked up among artefacts
//! that were compiled before, for machines on which compiling is slow or impossible.
//!
//! ```text
//! source.rs    where a module comes from
//! runner.rs    what a directive does and when it passes
//! values.rs    arguments, results, patterns of NaNs
//! spectest.rs  the module that scripts import from
//! expected.rs  failures that are known, with reasons
//! ```

mod expected;
mod runner;
mod source;
mod spectest;
mod values;

pub use expected::{ExpectedFailures, Verdict};
#[cfg(feature = "compiler")]
pub use runner::modules;
pub use runner::{Failure, Outcome, run};
#[cfg(feature = "compiler")]
pub use source::{Compiled, Precompiler};
pub use source::{ModuleSource, Precompiled};

use wast::lexer::Lexer;
use wast::parser::ParseBuffer;

/// The tokens of a script. Characters that look like others are allowed: the suite tests them.
fn tokens(text: &str) -> Result<ParseBuffer<'_>, wast::Error> {
    let mut lexer = Lexer::new(text);
    lexer.allow_confusing_unicode(true);
    ParseBuffer::new_with_lexer(lexer)
}
