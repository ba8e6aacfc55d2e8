//! Runs one script: what each directive does, and when it passes.

use super::source::{ModuleSource, Refusal};
use super::{spectest, values};
use ahead_runtime::{
    Error, Extern, Instance, Linker, Module, SharedMemory, Store, Trap, TrapKind, TrapReason, Val,
};
use std::collections::HashMap;
use std::thread::{Scope, ScopedJoinHandle};
use wast::token::{Id, Span};
use wast::{QuoteWat, Wast, WastDirective, WastExecute, WastInvoke, WastThread, Wat, parser};

/// How a script went.
#[derive(Debug, Default)]
pub struct Outcome {
    pub passed: usize,
    pub failures: Vec<Failure>,
}

/// A directive that did not do what it should.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// From 1.
    pub line: usize,
    pub message: String,
}

/// Runs all directives of a script. One that fails does not stop those after it; a text that is no script
/// is a failure by itself.
pub fn run(text: &str, source: &dyn ModuleSource) -> Outcome {
    let mut outcome = Outcome::default();
    if let Err(failure) = run_into(&mut outcome, text, source) {
        outcome.failures.push(failure);
    }
    outcome
}

fn run_into(outcome: &mut Outcome, text: &str, source: &dyn ModuleSource) -> Result<(), Failure> {
    let line = |span: Span| span.linecol_in(text).0 + 1;
    let unreadable = |error: wast::Error| Failure {
        line: line(error.span()),
        message: format!("cannot read the script: {}", error.message()),
    };
    let tokens = super::tokens(text).map_err(unreadable)?;
    let script = parser::parse::<Wast<'_>>(&tokens).map_err(unreadable)?;
    std::thread::scope(|threads| {
        let mut state = State::new(text, source, threads).map_err(|error| Failure {
            line: 1,
            message: format!("cannot set `spectest` up: {error}"),
        })?;
        state.run_all(script.directives, outcome);
        state.join_all(outcome);
        Ok(())
    })
}

/// The binaries of all modules of a script that have one.
#[cfg(feature = "compiler")]
pub fn modules(text: &str) -> Result<Vec<Vec<u8>>, wast::Error> {
    let tokens = super::tokens(text)?;
    let script = parser::parse::<Wast<'_>>(&tokens)?;
    let mut modules = Vec::new();
    add_modules(script.directives, &mut modules);
    Ok(modules)
}

#[cfg(feature = "compiler")]
fn add_modules(directives: Vec<WastDirective<'_>>, modules: &mut Vec<Vec<u8>>) {
    for directive in directives {
        let binary = match directive {
            WastDirective::Thread(thread) => {
                add_modules(thread.directives, modules);
                continue;
            }
            WastDirective::Module(mut module)
            | WastDirective::ModuleDefinition(mut module)
            | WastDirective::AssertMalformed { mut module, .. }
            | WastDirective::AssertInvalid { mut module, .. } => module.encode(),
            WastDirective::AssertUnlinkable {
                module: mut wat, ..
            }
            | WastDirective::AssertTrap {
                exec: WastExecute::Wat(mut wat),
                ..
            }
            | WastDirective::AssertReturn {
                exec: WastExecute::Wat(mut wat),
                ..
            } => wat.encode(),
            _ => continue,
        };
        // What cannot be encoded is malformed text, which needs no compiler to be refused.
        modules.extend(binary);
    }
}

/// What became of an invocation.
enum Ran {
    Returned(Vec<Val>),
    Trapped(Trap),
}

/// A thread of a script: the script itself, or what one of its `thread` directives started.
struct State<'scope, 'env> {
    text: &'env str,
    source: &'env dyn ModuleSource,
    scope: &'scope Scope<'scope, 'env>,
    /// By name, and in a script no two have the same.
    threads: HashMap<String, ScopedJoinHandle<'scope, Outcome>>,
    /// What another thread's instance shares with this one, by its name.
    shared: HashMap<String, SharedExports>,
    store: Store<()>,
    linker: Linker<()>,
    modules: HashMap<String, Module>,
    /// The last `module definition`.
    definition: Option<Module>,
    instances: HashMap<String, Instance>,
    /// The last instance; none if making it failed.
    current: Option<Instance>,
}

/// The shared memories that an instance exports: all that can go to another thread.
type SharedExports = Vec<(String, SharedMemory)>;

impl<'scope, 'env> State<'scope, 'env> {
    fn new(
        text: &'env str,
        source: &'env dyn ModuleSource,
        scope: &'scope Scope<'scope, 'env>,
    ) -> Result<Self, Error> {
        let mut store = Store::new(());
        let mut linker = Linker::new();
        spectest::define(&mut store, &mut linker)?;
        Ok(State {
            text,
            source,
            scope,
            threads: HashMap::new(),
            shared: HashMap::new(),
            store,
            linker,
            modules: HashMap::new(),
            definition: None,
            instances: HashMap::new(),
            current: None,
        })
    }

    /// Runs directives, one after the other, and counts.
    fn run_all(&mut self, directives: Vec<WastDirective<'env>>, outcome: &mut Outcome) {
        for directive in directives {
            let line = directive.span().linecol_in(self.text).0 + 1;
            let done = match directive {
                WastDirective::Thread(thread) => self.start(thread),
                WastDirective::Wait { thread, .. } => self.join(thread.name(), outcome),
                other => self.execute(other),
            };
            match done {
                Ok(()) => outcome.passed += 1,
                Err(message) => outcome.failures.push(Failure { line, message }),
            }
        }
    }

    /// Starts a thread with a store of its own.
    fn start(&mut self, thread: WastThread<'env>) -> Result<(), String> {
        let name = thread.name.name().to_owned();
        if self.threads.contains_key(&name) {
            return Err(format!("there is a thread `${name}` already"));
        }
        let mut shared = HashMap::new();
        if let Some(module) = thread.shared_module {
            let exports = self.shared_exports(Some(module))?;
            shared.insert(module.name().to_owned(), exports);
        }
        let (text, source, scope) = (self.text, self.source, self.scope);
        let run = move || {
            let mut outcome = Outcome::default();
            match State::new(text, source, scope) {
                Ok(mut state) => {
                    state.shared = shared;
                    state.run_all(thread.directives, &mut outcome);
                    state.join_all(&mut outcome);
                }
                Err(error) => outcome.failures.push(Failure {
                    line: thread.span.linecol_in(text).0 + 1,
                    message: format!("cannot set `spectest` up: {error}"),
                }),
            }
            outcome
        };
        self.threads.insert(name, scope.spawn(run));
        Ok(())
    }

    /// Waits for a thread, and adds what became of its directives.
    fn join(&mut self, name: &str, outcome: &mut Outcome) -> Result<(), String> {
        let thread = self.threads.remove(name);
        let thread = thread.ok_or_else(|| format!("there is no thread `${name}`"))?;
        let theirs = thread.join().map_err(|_| "the thread panicked")?;
        outcome.passed += theirs.passed;
        outcome.failures.extend(theirs.failures);
        Ok(())
    }

    /// Waits for those that the script did not wait for.
    fn join_all(&mut self, outcome: &mut Outcome) {
        let names: Vec<String> = self.threads.keys().cloned().collect();
        for name in names {
            if let Err(message) = self.join(&name, outcome) {
                outcome.failures.push(Failure { line: 1, message });
            }
        }
    }

    /// What an instance of this thread, or one that was shared with it, can share.
    fn shared_exports(&self, module: Option<Id<'_>>) -> Result<SharedExports, String> {
        let shared = module.and_then(|name| self.shared.get(name.name()));
        if let Some(exports) = shared {
            return Ok(exports.clone());
        }
        let exports = self.instance(module)?.exports(&self.store);
        let memory = |item| match item {
            Extern::Memory(memory) => memory.shared(&self.store),
            _ => None,
        };
        Ok(exports
            .filter_map(|(name, item)| Some((name.to_owned(), memory(item)?)))
            .collect())
    }

    fn execute(&mut self, directive: WastDirective<'_>) -> Result<(), String> {
        match directive {
            WastDirective::Module(mut module) => {
                let name = module.name();
                self.current = None;
                let module = self.compile(&mut module)?;
                self.instantiate(name, &module)
            }
            WastDirective::ModuleDefinition(mut module) => {
                let name = module.name();
                let module = self.compile(&mut module)?;
                if let Some(name) = name {
                    self.modules.insert(name.name().to_owned(), module.clone());
                }
                self.definition = Some(module);
                Ok(())
            }
            WastDirective::ModuleInstance {
                instance, module, ..
            } => {
                let found = match module {
                    Some(name) => self.modules.get(name.name()),
                    None => self.definition.as_ref(),
                };
                let module = found.cloned().ok_or("no such module definition")?;
                self.instantiate(instance, &module)
            }
            WastDirective::Register {
                name,
                module: Some(module),
                ..
            } if self.shared.contains_key(module.name()) => {
                for (export, memory) in &self.shared[module.name()] {
                    self.linker.define_shared_memory(name, export, memory);
                }
                Ok(())
            }
            WastDirective::Register { name, module, .. } => {
                let instance = self.instance(module)?;
                self.linker.define_instance(&self.store, name, instance);
                Ok(())
            }
            WastDirective::Invoke(invoke) => match self.invoke(&invoke)? {
                Ran::Returned(_) => Ok(()),
                Ran::Trapped(trap) => Err(format!("trapped: {}", reason(&trap))),
            },
            WastDirective::AssertReturn { exec, results, .. } => {
                let values = match self.run(exec)? {
                    Ran::Returned(values) => values,
                    Ran::Trapped(trap) => return Err(format!("trapped: {}", reason(&trap))),
                };
                check_results(&values, &results)
            }
            WastDirective::AssertTrap { exec, message, .. } => check_trap(self.run(exec)?, message),
            WastDirective::AssertExhaustion { call, message, .. } => {
                check_trap(self.invoke(&call)?, message)
            }
            WastDirective::AssertInvalid {
                mut module,
                message,
                ..
            }
            | WastDirective::AssertMalformed {
                mut module,
                message,
                ..
            } => self.check_refused(&mut module, message),
            WastDirective::AssertUnlinkable {
                module, message, ..
            } => self.check_unlinkable(module, message),
            // Custom sections with meaning belong to proposals; what is in them is never an error here.
            WastDirective::AssertInvalidCustom { .. }
            | WastDirective::AssertMalformedCustom { .. } => {
                Err("assertions about custom sections are not supported".into())
            }
            WastDirective::AssertException { exec, .. } => match self.run(exec)? {
                Ran::Trapped(trap) if trap.exception().is_some() => Ok(()),
                Ran::Trapped(trap) => Err(format!("expected an exception, got: {}", reason(&trap))),
                Ran::Returned(values) => Err(format!(
                    "expected an exception, returned {}",
                    show_all(&values)
                )),
            },
            WastDirective::AssertSuspension { .. } => Err("suspensions are not supported".into()),
            WastDirective::Thread(_) | WastDirective::Wait { .. } => {
                unreachable!("done where directives are counted")
            }
        }
    }

    fn compile(&self, module: &mut QuoteWat<'_>) -> Result<Module, String> {
        let binary = module.encode().map_err(|error| error.message())?;
        self.source
            .module(&binary)
            .map_err(|refusal| refusal.message().to_owned())
    }

    fn instantiate(&mut self, name: Option<Id<'_>>, module: &Module) -> Result<(), String> {
        self.current = None;
        let instance = self
            .linker
            .instantiate(&mut self.store, module)
            .map_err(|error| error.to_string())?;
        if let Some(name) = name {
            self.instances.insert(name.name().to_owned(), instance);
        }
        self.current = Some(instance);
        Ok(())
    }

    fn instance(&self, name: Option<Id<'_>>) -> Result<Instance, String> {
        match name {
            Some(name) => self
                .instances
                .get(name.name())
                .copied()
                .ok_or_else(|| format!("there is no instance `${}`", name.name())),
            None => self.current.ok_or_else(|| "there is no instance".into()),
        }
    }

    fn run(&mut self, exec: WastExecute<'_>) -> Result<Ran, String> {
        match exec {
            WastExecute::Invoke(invoke) => self.invoke(&invoke),
            WastExecute::Get { module, global, .. } => {
                let instance = self.instance(module)?;
                match instance.export(&self.store, global) {
                    Some(Extern::Global(global)) => {
                        Ok(Ran::Returned(vec![global.get(&self.store)]))
                    }
                    _ => Err(format!("no global `{global}` is exported")),
                }
            }
            WastExecute::Wat(mut wat) => {
                let binary = wat.encode().map_err(|error| error.message())?;
                let module = self
                    .source
                    .module(&binary)
                    .map_err(|refusal| refusal.message().to_owned())?;
                match self.linker.instantiate(&mut self.store, &module) {
                    Ok(_) => Ok(Ran::Returned(Vec::new())),
                    Err(Error::Trap(trap)) => Ok(Ran::Trapped(trap)),
                    Err(error) => Err(error.to_string()),
                }
            }
        }
    }

    fn invoke(&mut self, invoke: &WastInvoke<'_>) -> Result<Ran, String> {
        let instance = self.instance(invoke.module)?;
        let Some(Extern::Func(func)) = instance.export(&self.store, invoke.name) else {
            return Err(format!("no function `{}` is exported", invoke.name));
        };
        let args = invoke
            .args
            .iter()
            .map(values::argument)
            .collect::<Result<Vec<_>, _>>()?;
        Ok(match func.call(&mut self.store, &args) {
            Ok(results) => Ran::Returned(results),
            Err(trap) => Ran::Trapped(trap),
        })
    }

    /// Neither words nor order of the checks are part of the specification, so any refusal will do; but it
    /// must be one, and no failure of ours.
    fn check_refused(&self, module: &mut QuoteWat<'_>, expected: &str) -> Result<(), String> {
        let Ok(binary) = module.encode() else {
            return Ok(());
        };
        match self.source.module(&binary) {
            Err(Refusal::Rejected(_)) => Ok(()),
            Err(Refusal::Failed(message)) => Err(message),
            Ok(_) => Err(format!("taken, and should be refused: {expected}")),
        }
    }

    fn check_unlinkable(&mut self, mut module: Wat<'_>, expected: &str) -> Result<(), String> {
        let binary = module.encode().map_err(|error| error.message())?;
        let module = self
            .source
            .module(&binary)
            .map_err(|refusal| refusal.message().to_owned())?;
        match self.linker.instantiate(&mut self.store, &module) {
            Ok(_) => Err(format!("linked, and should not: {expected}")),
            Err(Error::UnknownImport { .. }) if expected.starts_with("unknown import") => Ok(()),
            Err(Error::IncompatibleImport { .. }) if expected.starts_with("incompatible") => Ok(()),
            Err(error) => Err(format!("expected `{expected}`, got: {error}")),
        }
    }
}

fn check_results(values: &[Val], expected: &[wast::WastRet<'_>]) -> Result<(), String> {
    let mut matches = values.len() == expected.len();
    for (value, expected) in values.iter().zip(expected) {
        matches &= values::matches(value, expected)?;
    }
    if matches {
        return Ok(());
    }
    let expected: Vec<_> = expected.iter().map(values::show_expected).collect();
    Err(format!(
        "expected [{}], got {}",
        expected.join(", "),
        show_all(values)
    ))
}

fn check_trap(ran: Ran, expected: &str) -> Result<(), String> {
    match ran {
        Ran::Returned(values) => Err(format!(
            "expected trap `{expected}`, returned {}",
            show_all(&values)
        )),
        Ran::Trapped(trap) => match trap.kind() {
            TrapReason::Kind(kind) if is_trap(*kind, expected) => Ok(()),
            _ => Err(format!(
                "expected trap `{expected}`, got: {}",
                reason(&trap)
            )),
        },
    }
}

fn show_all(values: &[Val]) -> String {
    let values: Vec<_> = values.iter().map(values::show).collect();
    format!("[{}]", values.join(", "))
}

/// Whether the suite's words mean this kind of trap: they are the front of ours, or ours is theirs and the
/// rest says which element was meant.
fn is_trap(kind: TrapKind, expected: &str) -> bool {
    if kind == TrapKind::Unreachable {
        return expected == "unreachable";
    }
    kind.message().starts_with(expected) || expected.starts_with(kind.message())
}

/// A trap without its backtrace.
fn reason(trap: &Trap) -> String {
    trap.to_string()
        .lines()
        .next()
        .unwrap_or_default()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_suite_s_words_for_traps() {
        assert!(is_trap(TrapKind::Unreachable, "unreachable"));
        assert!(is_trap(
            TrapKind::UninitializedElement,
            "uninitialized element 2"
        ));
        assert!(is_trap(TrapKind::UninitializedElement, "uninitialized"));
        assert!(is_trap(
            TrapKind::IndirectCallTypeMismatch,
            "indirect call type mismatch"
        ));
        assert!(!is_trap(
            TrapKind::MemoryOutOfBounds,
            "out of bounds table access"
        ));
        assert!(!is_trap(
            TrapKind::UndefinedElement,
            "uninitialized element"
        ));
    }

    /// A source that refuses everything: what passes then passes for the right reason.
    struct Refuses(Refusal);

    impl ModuleSource for Refuses {
        fn module(&self, _: &[u8]) -> Result<Module, Refusal> {
            Err(self.0.clone())
        }
    }

    #[test]
    fn a_failure_is_not_a_refusal() {
        let script = "(assert_invalid (module) \"type mismatch\")\n(assert_malformed (module quote \"(\") \"x\")";
        let rejected = run(script, &Refuses(Refusal::Rejected("no".into())));
        assert_eq!((rejected.passed, rejected.failures.len()), (2, 0));
        let failed = run(script, &Refuses(Refusal::Failed("disk".into())));
        assert_eq!(failed.passed, 1);
        assert_eq!(failed.failures[0].line, 1);
    }

    #[test]
    fn what_is_no_script_is_a_failure() {
        let outcome = run("\n(module", &Refuses(Refusal::Rejected("no".into())));
        assert_eq!((outcome.passed, outcome.failures.len()), (0, 1));
        assert_eq!(outcome.failures[0].line, 2);
    }

    #[test]
    fn directives_after_a_failure_are_run() {
        let script = "(module)\n(invoke \"f\")\n(assert_malformed (module quote \"(\") \"x\")";
        let outcome = run(script, &Refuses(Refusal::Rejected("no".into())));
        assert_eq!(outcome.passed, 1);
        let lines: Vec<_> = outcome
            .failures
            .iter()
            .map(|failure| failure.line)
            .collect();
        assert_eq!(lines, [1, 2]);
    }
}
