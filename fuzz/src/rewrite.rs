//! What `wasm-smith` does not make, put into what it makes.
//!
//! Calls by name become calls by reference: `call f` is `ref.func f` and `call_ref`, straight or by way of other
//! instructions of typed references, and means the same. Threads that wait do so without end only if somebody can wake
//! them, and there is nobody: every wait gets a timeout of no time. Imports get names of their own, so that they can be
//! found by them.

use crate::random::Random;
use anyhow::{Context, Result};
use std::collections::BTreeSet;
use std::convert::Infallible;
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{
    BlockType, CodeSection, Function, HeapType, ImportSection, Instruction, Module, RefType,
    ValType,
};
use wasmparser::{
    ExternalKind, FunctionBody, ImportSectionReader, Operator, Parser, Payload, TypeRef,
};

/// The module with its calls and waits rewritten.
pub fn rewrite(wasm: &[u8], random: Random) -> Result<Vec<u8>> {
    let mut rewriter = Rewriter {
        random,
        types: Vec::new(),
        exported: BTreeSet::new(),
    };
    for payload in Parser::new(0).parse_all(wasm) {
        match payload.context("a module that cannot be read")? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    if let TypeRef::Func(ty) | TypeRef::FuncExact(ty) = import?.ty {
                        rewriter.types.push(ty);
                    }
                }
            }
            Payload::FunctionSection(types) => {
                for ty in types {
                    rewriter.types.push(ty?);
                }
            }
            Payload::ExportSection(exports) => {
                for export in exports {
                    let export = export?;
                    if export.kind == ExternalKind::Func {
                        rewriter.exported.insert(export.index);
                    }
                }
            }
            _ => {}
        }
    }
    let mut module = Module::new();
    rewriter
        .parse_core_module(&mut module, Parser::new(0), wasm)
        .context("a module that cannot be written again")?;
    Ok(module.finish())
}

struct Rewriter {
    random: Random,
    /// Of each function.
    types: Vec<u32>,
    /// Functions that a reference may be made of: those that are exported.
    exported: BTreeSet<u32>,
}

impl Rewriter {
    /// Puts a reference to the function on the stack, if that may be and is to be, and gives its type.
    fn push_reference(&mut self, function: u32, to: &mut Function) -> Option<u32> {
        let ty = *self.types.get(function as usize)?;
        if !self.exported.contains(&function) {
            return None;
        }
        let reference = Instruction::RefFunc(function);
        match self.random.next() % 8 {
            0 => {
                to.instruction(&reference);
            }
            1 => {
                to.instruction(&reference)
                    .instruction(&Instruction::RefAsNonNull);
            }
            2 => {
                let block = BlockType::Result(ValType::Ref(RefType {
                    nullable: false,
                    heap_type: HeapType::Concrete(ty),
                }));
                to.instruction(&Instruction::Block(block))
                    .instruction(&reference)
                    .instruction(&Instruction::BrOnNonNull(0))
                    .instruction(&Instruction::Unreachable)
                    .instruction(&Instruction::End);
            }
            _ => return None,
        }
        Some(ty)
    }
}

impl Reencode for Rewriter {
    type Error = Infallible;

    fn parse_import_section(
        &mut self,
        imports: &mut ImportSection,
        section: ImportSectionReader<'_>,
    ) -> Result<(), Error<Infallible>> {
        for import in section.into_imports() {
            let ty = self.entity_type(import?.ty)?;
            imports.import("host", &imports.len().to_string(), ty);
        }
        Ok(())
    }

    fn parse_function_body(
        &mut self,
        code: &mut CodeSection,
        body: FunctionBody<'_>,
    ) -> Result<(), Error<Infallible>> {
        let mut function = self.new_function_with_parsed_locals(&body)?;
        let mut operators = body.get_operators_reader()?;
        while !operators.eof() {
            let operator = operators.read()?;
            let by_reference = match operator {
                Operator::Call { function_index } => {
                    let ty = self.push_reference(function_index, &mut function);
                    ty.map(Instruction::CallRef)
                }
                Operator::ReturnCall { function_index } => {
                    let ty = self.push_reference(function_index, &mut function);
                    ty.map(Instruction::ReturnCallRef)
                }
                Operator::MemoryAtomicWait32 { .. } | Operator::MemoryAtomicWait64 { .. } => {
                    function
                        .instruction(&Instruction::Drop)
                        .instruction(&Instruction::I64Const(0));
                    None
                }
                _ => None,
            };
            let instruction = match by_reference {
                Some(instruction) => instruction,
                None => utils::instruction(self, operator)?,
            };
            function.instruction(&instruction);
        }
        code.function(&function);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_and_waits_are_rewritten() {
        let calls = "(call $callee (local.get 0))".repeat(100);
        let wasm = wat::parse_str(format!(
            r#"(module
              (import "m" "f" (func $callee (param i64)))
              (memory 1 1 shared)
              (export "f" (func $callee))
              (func (export "g") (param i64)
                {calls}
                (drop (memory.atomic.wait64 (i32.const 8) (local.get 0) (i64.const -1)))
                (return_call $callee (local.get 0))))"#
        ));
        let rewritten = rewrite(&wasm.unwrap(), Random::new(1)).unwrap();
        wasmparser::Validator::new_with_features(wasmparser::WasmFeatures::all())
            .validate_all(&rewritten)
            .unwrap();
        let names = instructions(&rewritten);
        for payload in Parser::new(0).parse_all(&rewritten) {
            if let Payload::ImportSection(imports) = payload.unwrap() {
                let import = imports.into_imports().next().unwrap().unwrap();
                assert_eq!((import.module, import.name), ("host", "0"));
            }
        }
        assert!(names.iter().any(|name| name == "CallRef"));
        assert!(names.iter().any(|name| name == "Call"));
        assert!(names.iter().any(|name| name == "BrOnNonNull"));
        let wait = names.iter().position(|name| name == "MemoryAtomicWait64");
        assert_eq!(names[wait.unwrap() - 1], "I64Const");
        assert_eq!(names[wait.unwrap() - 2], "Drop");
    }

    /// The names of the instructions of all functions.
    fn instructions(wasm: &[u8]) -> Vec<String> {
        let mut names = Vec::new();
        for payload in Parser::new(0).parse_all(wasm) {
            if let Payload::CodeSectionEntry(body) = payload.unwrap() {
                for operator in body.get_operators_reader().unwrap() {
                    let shown = format!("{:?}", operator.unwrap());
                    let name = shown.split([' ', '{']).next().unwrap_or_default();
                    names.push(name.to_owned());
                }
            }
        }
        names
    }
}
