//! Calls: direct, to imports, through tables, to builtins.
//!
//! A guest function receives its own instance's vmctx in front of its parameters: the caller's for a
//! function of the same module, otherwise the one that stands beside the code's address.

use super::env::Env;
use super::handlers::HandlerSet;
use super::names;
use super::signature::POINTER;
use super::translator::Translator;
use super::trap;
use ahead_artifact::builtins::Builtin;
use ahead_artifact::sections::StaticTableRow;
use ahead_artifact::{FuncIndex, HeapType, TableIndex, TrapKind, TypeIndex, vmctx};
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{FuncRef, InstBuilder, MemFlagsData, SigRef, Value, types};
use std::mem::offset_of;

/// How control goes to a callee.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transfer {
    /// It comes back here, or to a handler.
    Call,
    /// It comes back here: what is called lets no exception out.
    QuietCall,
    /// The callee takes the place of this function.
    TailCall,
}

impl Transfer {
    /// The same to a callee of which is known whether it is quiet.
    fn known(self, quiet: bool) -> Self {
        match self {
            Transfer::Call if quiet => Transfer::QuietCall,
            other => other,
        }
    }
}

/// What a call through a pointer needs.
pub struct Callee {
    pub code: Value,
    pub vmctx: Value,
}

/// Code to go to.
enum Target {
    Function(FuncRef),
    Code(SigRef, Value),
}

impl Translator<'_, '_> {
    /// `call` and `return_call`: the parameters are on the stack.
    pub fn call(&mut self, function: FuncIndex, transfer: Transfer) {
        let ty = self.env.module.functions[function.index()];
        if let Some(reference) = self.env.function(self.builder.func, function) {
            self.take_call_args(ty, self.env.vmctx);
            let quiet = self.env.module.facts.throws.is_quiet(function);
            return self.go(Target::Function(reference), transfer.known(quiet));
        }
        let import = self.env.module.layout.func_import(function);
        let import = import.expect("a function without a body is an import");
        let field = |translator: &mut Self, offset: u32| {
            let offset = (import + offset) as i32;
            let vmctx = translator.env.vmctx;
            translator
                .ins()
                .load(POINTER, Env::constant(), vmctx, offset)
        };
        let callee = Callee {
            code: field(self, vmctx::FUNC_IMPORT_CODE),
            vmctx: field(self, vmctx::FUNC_IMPORT_VMCTX),
        };
        self.call_through(ty, callee, transfer);
    }

    /// `call_indirect` and `return_call_indirect`: the index is on top of the parameters.
    pub fn call_indirect(&mut self, ty: TypeIndex, table: TableIndex, transfer: Transfer) {
        let index = self.pop();
        let module = self.env.module;
        let callee = match module.facts.static_table(table) {
            Some(rows) => self.static_callee(ty, table, &rows.rows, index),
            None => self.table_callee(ty, table, index),
        };
        let canonical = module.canonical_types[ty.index()];
        let quiet = module.facts.throws.is_quiet_call(canonical, table);
        self.call_through(ty, callee, transfer.known(quiet));
    }

    /// A row of a table that lives in the artefact. All functions there are the module's own, or thunks,
    /// which take the module's vmctx.
    ///
    /// Most tables have a null row, row 0 as a rule. An index that is too large is made to find that one,
    /// whose type is nobody's: so the check of the type is the check of the bound as well.
    fn static_callee(
        &mut self,
        ty: TypeIndex,
        table: TableIndex,
        rows: &[Option<FuncIndex>],
        index: Value,
    ) -> Callee {
        let length = (rows.len() as u64).cast_signed();
        let outside = self
            .ins()
            .icmp_imm_u(IntCC::UnsignedGreaterThanOrEqual, index, length);
        let null = rows.iter().position(Option::is_none);
        let late = match null {
            Some(_) => Some(outside),
            None => {
                self.trap_if(outside, TrapKind::UndefinedElement);
                None
            }
        };
        // A conditional move: a mispredicted branch sees a row of the table, too.
        let instead = null.unwrap_or(0) as u64;
        let ty_of_index = self.builder.func.dfg.value_type(index);
        let instead = self.ins().iconst(ty_of_index, instead.cast_signed());
        let index = self.ins().select_spectre_guard(outside, instead, index);
        let index = self.wide(index);
        let shift = size_of::<StaticTableRow>().trailing_zeros();
        let offset = self.ins().ishl_imm_u(index, i64::from(shift));
        let (env, mut cursor) = self.env_cursor();
        let rows = env.symbol(&mut cursor, names::static_table(table));
        let row = self.ins().iadd(rows, offset);
        // Inside the table in any case, and nothing there changes.
        let number = offset_of!(StaticTableRow, type_number) as i32;
        let number = self.ins().load(types::I32, Env::constant(), row, number);
        let canonical = self.env.module.canonical_types[ty.index()];
        let expected = self.ins().iconst(types::I32, i64::from(canonical.0) + 1);
        self.check_type(number, expected, late);
        let offset = offset_of!(StaticTableRow, text_offset) as i32;
        let offset = self.ins().load(types::I32, Env::constant(), row, offset);
        let offset = self.ins().uextend(types::I64, offset);
        let (env, mut cursor) = self.env_cursor();
        let text = env.symbol(&mut cursor, names::text());
        Callee {
            code: self.ins().iadd(text, offset),
            vmctx: self.env.vmctx,
        }
    }

    /// An entry of a table that the runtime made.
    fn table_callee(&mut self, ty: TypeIndex, table: TableIndex, index: Value) -> Callee {
        let entry =
            self.table_element(table, index, vmctx::ENTRY_BYTES, TrapKind::UndefinedElement);
        let flags = Env::field(self.builder.func, super::env::Region::Table(table));
        let number = vmctx::ENTRY_TYPE_NUMBER as i32;
        let number = self.ins().load(types::I32, flags, entry, number);
        if self.holds_only(table, ty) {
            self.ins()
                .trapz(number, trap::code(TrapKind::UninitializedElement));
            return self.entry_callee(entry, flags);
        }
        let instance = self.env.vmctx;
        let numbers = vmctx::TYPE_NUMBERS as i32;
        let numbers = self.ins().load(POINTER, Env::constant(), instance, numbers);
        // Wasm has at most a million types.
        let own = self.env.module.canonical_types[ty.index()].0 as i32 * 4;
        let expected = self.ins().load(types::I32, Env::constant(), numbers, own);
        self.check_type(number, expected, None);
        self.entry_callee(entry, flags)
    }

    /// Whether the table's own type says that its functions are of type `ty`.
    fn holds_only(&self, table: TableIndex, ty: TypeIndex) -> bool {
        let canonical = |ty: TypeIndex| self.env.module.canonical_types[ty.index()];
        match self.env.module.table_type(table).element.heap {
            HeapType::Concrete(element) => canonical(element) == canonical(ty),
            _ => false,
        }
    }

    fn entry_callee(&mut self, entry: Value, flags: MemFlagsData) -> Callee {
        let code = vmctx::ENTRY_CODE as i32;
        let callee = vmctx::ENTRY_VMCTX as i32;
        Callee {
            code: self.ins().load(POINTER, flags, entry, code),
            vmctx: self.ins().load(POINTER, flags, entry, callee),
        }
    }

    /// The address of element `index` of a table whose elements have `bytes`, a power of two.
    pub fn table_element(
        &mut self,
        table: TableIndex,
        index: Value,
        bytes: u32,
        outside_is: TrapKind,
    ) -> Value {
        let index = self.wide(index);
        let (env, mut cursor) = self.env_cursor();
        let length = env.table_length(&mut cursor, table);
        let entries = env.table_entries(&mut cursor, table);
        let outside = self
            .ins()
            .icmp(IntCC::UnsignedGreaterThanOrEqual, index, length);
        self.trap_if(outside, outside_is);
        let offset = self
            .ins()
            .ishl_imm_u(index, i64::from(bytes.trailing_zeros()));
        let element = self.ins().iadd(entries, offset);
        // A mispredicted branch sees the table's first element.
        self.ins().select_spectre_guard(outside, entries, element)
    }

    /// Goes on only if the type of the function found is the one expected. Which trap it is otherwise is
    /// found out off the path; `outside` says that there was no function to be found.
    fn check_type(&mut self, found: Value, expected: Value, outside: Option<Value>) {
        let same = self.ins().icmp(IntCC::Equal, found, expected);
        let matching = self.builder.create_block();
        let mismatch = self.builder.create_block();
        self.ins().brif(same, matching, [], mismatch, []);
        self.builder.set_cold_block(mismatch);
        self.builder.switch_to_block(mismatch);
        self.builder.seal_block(mismatch);
        if let Some(outside) = outside {
            self.trap_if(outside, TrapKind::UndefinedElement);
        }
        self.ins()
            .trapz(found, trap::code(TrapKind::UninitializedElement));
        self.ins()
            .trap(trap::code(TrapKind::IndirectCallTypeMismatch));
        self.builder.switch_to_block(matching);
        self.builder.seal_block(matching);
    }

    /// `call_ref` and `return_call_ref`: the reference is on top of the parameters.
    pub fn call_ref(&mut self, ty: TypeIndex, transfer: Transfer) {
        let reference = self.pop();
        match self.known_function(reference) {
            Some(function) => self.call(function, transfer),
            None => {
                let callee = self.reference_callee(reference);
                self.call_through(ty, callee, transfer);
            }
        }
    }

    fn known_function(&self, reference: Value) -> Option<FuncIndex> {
        let known = self.known_functions.iter().rev();
        known
            .clone()
            .find(|known| known.0 == reference)
            .map(|known| known.1)
    }

    /// What a reference refers to: a function's record. Null is address 0, where the first load traps.
    fn reference_callee(&mut self, reference: Value) -> Callee {
        // Records are filled before their address is a value, and stay as they are while a guest runs. Both
        // loads may trap, so neither goes in front of the other's check.
        let null_traps = MemFlagsData::new()
            .with_aligned()
            .with_readonly()
            .with_trap_code(Some(trap::code(TrapKind::NullFunctionReference)));
        let code = offset_of!(vmctx::VmFuncRef, code) as i32;
        let callee = offset_of!(vmctx::VmFuncRef, vmctx) as i32;
        Callee {
            code: self.ins().load(POINTER, null_traps, reference, code),
            vmctx: self.ins().load(POINTER, null_traps, reference, callee),
        }
    }

    /// Calls what a pointer leads to, with the parameters on the stack.
    pub fn call_through(&mut self, ty: TypeIndex, callee: Callee, transfer: Transfer) {
        let signature = self.env.signature(self.builder.func, ty);
        self.take_call_args(ty, callee.vmctx);
        self.go(Target::Code(signature, callee.code), transfer);
    }

    /// Goes to `target` with the arguments that have been taken.
    fn go(&mut self, target: Target, transfer: Transfer) {
        if let (Transfer::Call, Some(handlers)) = (transfer, self.current_handlers()) {
            return self.try_call(target, handlers);
        }
        let ins = self.builder.ins();
        match (transfer, target) {
            (Transfer::Call | Transfer::QuietCall, Target::Function(function)) => {
                let call = ins.call(function, self.call_args);
                self.push_results(call);
            }
            (Transfer::Call | Transfer::QuietCall, Target::Code(signature, code)) => {
                let call = ins.call_indirect(signature, code, self.call_args);
                self.push_results(call);
            }
            (Transfer::TailCall, Target::Function(function)) => {
                ins.return_call(function, self.call_args);
                self.end_reachable();
            }
            (Transfer::TailCall, Target::Code(signature, code)) => {
                ins.return_call_indirect(signature, code, self.call_args);
                self.end_reachable();
            }
        }
    }

    /// Calls `target` in code with handlers.
    fn try_call(&mut self, target: Target, handlers: HandlerSet) {
        let signature = match target {
            Target::Function(function) => self.builder.func.dfg.ext_funcs[function].signature,
            Target::Code(signature, _) => signature,
        };
        let (table, returned) = self.exception_table(signature, handlers);
        let table = self.builder.func.dfg.exception_tables.push(table);
        let ins = self.builder.ins();
        match target {
            Target::Function(function) => ins.try_call(function, self.call_args, table),
            Target::Code(_, code) => ins.try_call_indirect(code, self.call_args, table),
        };
        self.continue_in(returned);
    }

    /// Moves the parameters of a function of type `ty` from the stack to the arguments, behind `vmctx`.
    fn take_call_args(&mut self, ty: TypeIndex, vmctx: Value) {
        let count = self.env.module.interface.types[ty.index()].params.len();
        self.widen_top(count);
        self.operands += count as u64;
        let from = self.stack.values.len() - count;
        self.call_args.clear();
        self.call_args.push(vmctx);
        self.call_args.extend(self.stack.values.drain(from..));
    }

    /// Calls a builtin with the vmctx and `args`; its result, if it has one.
    pub fn call_builtin(&mut self, builtin: Builtin, args: &[Value]) -> Option<Value> {
        let signature = self.env.builtin_signature(self.builder.func, builtin);
        let instance = self.env.vmctx;
        let table = vmctx::BUILTINS as i32;
        let table = self.ins().load(POINTER, Env::constant(), instance, table);
        let offset = builtin.offset() as i32;
        let code = self.ins().load(POINTER, Env::constant(), table, offset);
        self.call_args.clear();
        self.call_args.push(instance);
        self.call_args.extend_from_slice(args);
        let call = self
            .builder
            .ins()
            .call_indirect(signature, code, self.call_args);
        self.builder.inst_results(call).first().copied()
    }

    /// Calls a builtin that says by a result other than 0 that the guest is to trap.
    pub fn call_fallible(&mut self, builtin: Builtin, args: &[Value], kind: TrapKind) {
        let status = self.call_builtin(builtin, args);
        self.trap_if(
            status.expect("a builtin that can fail says whether it did"),
            kind,
        );
    }
}
