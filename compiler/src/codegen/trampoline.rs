//! Code that joins conventions: host and guest, module and module, C and the runtime.
//!
//! Each function below builds one small CLIF function; the pseudo-Rust above it says what it does. Values
//! cross between host and guest in an array of [`VmValue`](ahead_artifact::vmctx::VmValue)s, one for each
//! parameter, and the results come back in the same place.

use crate::function::names;
use crate::function::signature::{POINTER, guest, value_type};
use ahead_artifact::vmctx::{FUNC_IMPORT_CODE, FUNC_IMPORT_VMCTX, HOST_FUNC_ENTRY, VALUE_BYTES};
use ahead_artifact::{FuncType, ValType};
use cranelift_codegen::ir::{
    AbiParam, ExtFuncData, ExternalName, FuncRef, Function, InstBuilder, MemFlagsData, Signature,
    StackSlotData, StackSlotKind, UserExternalName, Value, types,
};
use cranelift_codegen::isa::{CallConv, TargetFrontendConfig};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};

/// log2 of the alignment of a value array.
const VALUE_ALIGN_LOG2: u8 = VALUE_BYTES.trailing_zeros() as u8;

/// A signature with the C convention.
fn c_signature(
    params: impl IntoIterator<Item = types::Type>,
    result: Option<types::Type>,
) -> Signature {
    let mut signature = Signature::new(CallConv::SystemV);
    signature
        .params
        .extend(params.into_iter().map(AbiParam::new));
    signature.returns.extend(result.map(AbiParam::new));
    signature
}

/// An empty function, and what it takes to build it.
pub struct Blank<'a> {
    pub function: &'a mut Function,
    pub context: &'a mut FunctionBuilderContext,
    pub target: TargetFrontendConfig,
}

/// Builds a function from its signature and from what fills its first block, given the parameters.
fn build(
    blank: Blank<'_>,
    signature: Signature,
    fill: impl FnOnce(&mut FunctionBuilder<'_>, &[Value]),
) {
    blank.function.signature = signature;
    let mut builder = FunctionBuilder::new(blank.function, blank.context);
    let block = builder.create_block();
    builder.append_block_params_for_function_params(block);
    builder.switch_to_block(block);
    let params = builder.block_params(block).to_vec();
    fill(&mut builder, &params);
    builder.seal_all_blocks();
    builder.finalize(blank.target);
}

/// Memory that the runtime or this very function has set up: no access to it faults.
const TRUSTED: MemFlagsData = MemFlagsData::trusted();

fn offset_of(index: usize) -> i32 {
    // At most 1,000 parameters or results.
    index as i32 * VALUE_BYTES as i32
}

fn load_values(builder: &mut FunctionBuilder<'_>, types: &[ValType], values: Value) -> Vec<Value> {
    types
        .iter()
        .enumerate()
        .map(|(index, &ty)| {
            builder
                .ins()
                .load(value_type(ty), TRUSTED, values, offset_of(index))
        })
        .collect()
}

fn store_values(builder: &mut FunctionBuilder<'_>, list: &[Value], values: Value) {
    for (index, &value) in list.iter().enumerate() {
        builder
            .ins()
            .store(TRUSTED, value, values, offset_of(index));
    }
}

/// Room on the stack for the parameters or the results of a type, whichever are more.
fn value_array(builder: &mut FunctionBuilder<'_>, ty: &FuncType) -> Value {
    let count = ty.params.len().max(ty.results.len()) as u32;
    let slot = builder.create_sized_stack_slot(StackSlotData::new(
        StackSlotKind::ExplicitSlot,
        count * VALUE_BYTES,
        VALUE_ALIGN_LOG2,
    ));
    builder.ins().stack_addr(POINTER, slot, 0)
}

/// From the host into a guest function of type `ty`.
///
/// ```text
/// extern "C" fn entry(vmctx: *mut Vmctx, code: *const u8, values: *mut VmValue) {
///     let results = (code as guest fn)(vmctx, values[0], values[1], ...);
///     values[0] = results.0; ...
/// }
/// ```
pub fn entry(ty: &FuncType, blank: Blank<'_>) {
    build(blank, c_signature([POINTER; 3], None), |builder, params| {
        let (vmctx, code, values) = (params[0], params[1], params[2]);
        let mut arguments = vec![vmctx];
        arguments.extend(load_values(builder, &ty.params, values));
        let callee = builder.import_signature(guest(ty));
        let call = builder.ins().call_indirect(callee, code, &arguments);
        let results = builder.inst_results(call).to_vec();
        store_values(builder, &results, values);
        builder.ins().return_(&[]);
    });
}

/// From a guest into a host function of type `ty`; it stands as the code of the host function's `funcref`
/// or import, and the host function's record as its vmctx.
///
/// ```text
/// guest fn hostcall(host: *mut VmHostFunc, params...) -> results... {
///     let mut values = [params...];
///     ((*host).entry)(host, &mut values, frame_pointer);   // returns only if it succeeded
///     (values[0], ...)
/// }
/// ```
pub fn hostcall(ty: &FuncType, blank: Blank<'_>) {
    build(blank, guest(ty), |builder, params| {
        let host = params[0];
        let values = value_array(builder, ty);
        store_values(builder, &params[1..], values);
        let entry = builder
            .ins()
            .load(POINTER, TRUSTED, host, HOST_FUNC_ENTRY as i32);
        let frame = builder.ins().get_frame_pointer(POINTER);
        let callee = builder.import_signature(c_signature([POINTER; 3], None));
        builder
            .ins()
            .call_indirect(callee, entry, &[host, values, frame]);
        let results = load_values(builder, &ty.results, values);
        builder.ins().return_(&results);
    });
}

/// An imported function as a function of this module: for the rows of static tables, whose functions all
/// receive the module's own vmctx.
///
/// ```text
/// guest fn thunk(vmctx: *mut Vmctx, params...) -> results... {
///     let import = vmctx.func_imports[function];
///     become (import.code)(import.vmctx, params...)
/// }
/// ```
/// `import` is the offset of the import's record in the vmctx.
pub fn thunk(ty: &FuncType, import: u32, blank: Blank<'_>) {
    build(blank, guest(ty), |builder, params| {
        let mut field = |offset: u32| {
            let offset = (import + offset) as i32;
            builder.ins().load(POINTER, TRUSTED, params[0], offset)
        };
        let code = field(FUNC_IMPORT_CODE);
        let mut arguments = params.to_vec();
        arguments[0] = field(FUNC_IMPORT_VMCTX);
        let callee = builder.import_signature(guest(ty));
        builder.ins().return_call_indirect(callee, code, &arguments);
    });
}

/// What export stubs call: `ahead_call_export`, the only symbol of namespace [`names::NS_EXTERN`].
const CALL_EXPORT: u32 = 0;

fn extern_function(
    builder: &mut FunctionBuilder<'_>,
    symbol: u32,
    signature: Signature,
) -> FuncRef {
    let name = builder
        .func
        .declare_imported_user_function(UserExternalName::new(names::NS_EXTERN, symbol));
    let signature = builder.import_signature(signature);
    builder.import_function(ExtFuncData {
        name: ExternalName::user(name),
        signature,
        // The linker puts it in reach of a direct call, itself or a stub for it.
        colocated: true,
        patchable: false,
    })
}

/// An export as a C function.
///
/// ```text
/// extern "C" fn <prefix>_<export>(instance, params..., result0: *mut R0, ...) -> *mut Trap {
///     let mut values = [params...];
///     let trap = ahead_call_export(instance, export_index, &mut values, values.len());
///     if trap.is_null() {
///         *result0 = values[0]; ...
///     }
///     trap
/// }
/// ```
pub fn export_stub(ty: &FuncType, export_index: u32, blank: Blank<'_>) {
    let params = std::iter::once(POINTER)
        .chain(ty.params.iter().map(|&ty| value_type(ty)))
        .chain(ty.results.iter().map(|_| POINTER));
    build(
        blank,
        c_signature(params, Some(POINTER)),
        |builder, params| {
            let (arguments, outs) = params[1..].split_at(ty.params.len());
            let values = value_array(builder, ty);
            store_values(builder, arguments, values);

            let callee = c_signature([POINTER, types::I32, POINTER, types::I32], Some(POINTER));
            let callee = extern_function(builder, CALL_EXPORT, callee);
            let export = builder.ins().iconst(types::I32, i64::from(export_index));
            let count = ty.params.len().max(ty.results.len());
            let count = builder.ins().iconst(types::I32, count as i64);
            let call = builder
                .ins()
                .call(callee, &[params[0], export, values, count]);
            let trap = builder.inst_results(call)[0];

            let (returned, done) = (builder.create_block(), builder.create_block());
            builder.ins().brif(trap, done, &[], returned, &[]);
            builder.switch_to_block(returned);
            let results = load_values(builder, &ty.results, values);
            for (&result, &out) in results.iter().zip(outs) {
                builder.ins().store(TRUSTED, result, out, 0);
            }
            builder.ins().jump(done, &[]);
            builder.switch_to_block(done);
            builder.ins().return_(&[trap]);
        },
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codegen::{CompiledFunction, Generator, Symbol};
    use crate::config::{Config, OptLevel};
    use ahead_targets::Isa;
    use cranelift_codegen::Context;

    fn types() -> Vec<FuncType> {
        use ValType::{F32, F64, I32, I64};
        vec![
            FuncType::default(),
            FuncType {
                params: vec![I32, F64, ValType::FUNCREF],
                results: vec![I64],
            },
            // More than the registers of either target hold.
            FuncType {
                params: [I32, F32, I64, F64].repeat(12),
                results: [F64, I32].repeat(12),
            },
            FuncType {
                params: vec![],
                results: [I64; 1000].to_vec(),
            },
        ]
    }

    /// Compiles with the verifier on, for both targets and at every level.
    fn compile(build: impl Fn(Blank<'_>)) -> Vec<CompiledFunction> {
        let mut out = Vec::new();
        for target in Isa::ALL {
            for opt in OptLevel::ALL {
                let config = Config {
                    opt,
                    verify_clif: true,
                    ..Config::for_target(target)
                };
                let generator = Generator::new(&config).unwrap();
                out.push(
                    generator
                        .generate_blank(&mut Context::new(), &build)
                        .unwrap(),
                );
            }
        }
        out
    }

    #[test]
    fn every_type_has_its_trampolines() {
        for ty in types() {
            for code in compile(|blank| entry(&ty, blank)) {
                assert!(code.relocations.is_empty() && !code.frame.is_empty());
            }
            for code in compile(|blank| hostcall(&ty, blank)) {
                assert!(code.relocations.is_empty() && code.traps.is_empty());
            }
            for code in compile(|blank| thunk(&ty, 4096, blank)) {
                assert!(code.relocations.is_empty());
            }
        }
    }

    #[test]
    fn stubs_for_c_name_what_they_need() {
        let symbols = |code: &CompiledFunction| -> Vec<_> {
            code.relocations
                .iter()
                .map(|relocation| relocation.symbol)
                .collect()
        };
        for ty in types() {
            for code in compile(|blank| export_stub(&ty, 7, blank)) {
                assert_eq!(symbols(&code), [Symbol::Extern(CALL_EXPORT)]);
            }
        }
    }
}
