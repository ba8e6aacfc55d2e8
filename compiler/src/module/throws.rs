//! Which functions let no exception out: a call of one needs no handlers.
//!
//! A function may throw if it has a `throw`, or calls what may: an import, a reference, an element of a table that is
//! not static, another function that may. Handlers around these are not looked at, and traps are no exceptions. Only a
//! module that knows tags is looked into: without any there is little to be caught.

use super::facts::{Declared, StaticTable};
use ahead_artifact::{DefinedFuncIndex, FuncIndex, TableIndex, TypeIndex};
use std::collections::{HashMap, HashSet};
use wasmparser::Operator;

/// What bodies do that exceptions may come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origins {
    /// Bodies that throw, or call what nobody knows.
    throwing: Vec<DefinedFuncIndex>,
    calls: Vec<(DefinedFuncIndex, FuncIndex)>,
    indirect_calls: Vec<(DefinedFuncIndex, TypeIndex, TableIndex)>,
}

impl Origins {
    /// Notes an operator of a body.
    pub fn note(&mut self, body: DefinedFuncIndex, operator: &Operator<'_>) {
        match *operator {
            Operator::Throw { .. }
            | Operator::ThrowRef
            | Operator::Rethrow { .. }
            | Operator::CallRef { .. }
            | Operator::ReturnCallRef { .. }
                if self.throwing.last() != Some(&body) =>
            {
                self.throwing.push(body);
            }
            Operator::Call { function_index } | Operator::ReturnCall { function_index } => {
                self.calls.push((body, FuncIndex(function_index)));
            }
            Operator::CallIndirect {
                type_index,
                table_index,
            }
            | Operator::ReturnCallIndirect {
                type_index,
                table_index,
            } => {
                let call = (body, TypeIndex(type_index), TableIndex(table_index));
                self.indirect_calls.push(call);
            }
            _ => {}
        }
    }

    pub fn merge(&mut self, other: Origins) {
        self.throwing.extend(other.throwing);
        self.calls.extend(other.calls);
        self.indirect_calls.extend(other.indirect_calls);
    }
}

/// What may throw; all that is not known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Throws {
    /// By [`FuncIndex`]: lets no exception out.
    quiet: Vec<bool>,
    /// Calls through static tables that meet none but such functions; by canonical type.
    quiet_calls: HashSet<(TypeIndex, TableIndex)>,
}

impl Throws {
    pub fn is_quiet(&self, function: FuncIndex) -> bool {
        self.quiet.get(function.index()).copied().unwrap_or(false)
    }

    /// Whether a call through a static table is; `ty` is canonical.
    pub fn is_quiet_call(&self, ty: TypeIndex, table: TableIndex) -> bool {
        self.quiet_calls.contains(&(ty, table))
    }

    pub fn derive(
        declared: &Declared<'_>,
        origins: &Origins,
        static_tables: &[Option<StaticTable>],
    ) -> Self {
        let functions = declared.functions.len();
        let body = |body: DefinedFuncIndex| declared.imported_funcs as usize + body.index();
        let canonical = |ty: TypeIndex| declared.canonical_types.get(ty.index()).copied();

        // From what is called to who calls it. Behind the functions there is a node for each type and table that
        // calls go through, so that there are not as many edges as calls times elements.
        let mut edges: Vec<(usize, usize)> = Vec::with_capacity(origins.calls.len());
        let mut sources: Vec<usize> = (0..declared.imported_funcs as usize).collect();
        sources.extend(origins.throwing.iter().map(|&thrower| body(thrower)));
        for &(caller, callee) in &origins.calls {
            edges.push((callee.index(), body(caller)));
        }
        let mut nodes: HashMap<(TypeIndex, TableIndex), usize> = HashMap::new();
        for &(caller, ty, table) in &origins.indirect_calls {
            let is_static = static_tables
                .get(table.index())
                .is_some_and(Option::is_some);
            let Some(ty) = canonical(ty).filter(|_| is_static) else {
                sources.push(body(caller));
                continue;
            };
            let next = functions + nodes.len();
            let node = *nodes.entry((ty, table)).or_insert(next);
            edges.push((node, body(caller)));
        }
        for (table, rows) in static_tables.iter().enumerate() {
            let rows = rows.iter().flat_map(|table| table.rows.iter().flatten());
            for function in rows {
                let ty = declared.functions.get(function.index());
                let ty = ty.and_then(|&ty| canonical(ty));
                let node = ty.and_then(|ty| nodes.get(&(ty, TableIndex::new(table))));
                edges.extend(node.map(|&node| (function.index(), node)));
            }
        }

        let quiet = unreached(functions + nodes.len(), sources, edges);
        nodes.retain(|_, node| quiet[*node]);
        Throws {
            quiet_calls: nodes.into_keys().collect(),
            quiet: quiet[..functions].to_vec(),
        }
    }
}

/// By node: whether no source leads to it. Edges from or to what there is not, in a body that will be refused, are
/// ignored.
fn unreached(nodes: usize, mut sources: Vec<usize>, mut edges: Vec<(usize, usize)>) -> Vec<bool> {
    edges.retain(|&(from, to)| from < nodes && to < nodes);
    edges.sort_unstable();
    edges.dedup();
    let mut unreached = vec![true; nodes];
    while let Some(node) = sources.pop() {
        if node >= nodes || !std::mem::replace(&mut unreached[node], false) {
            continue;
        }
        let first = edges.partition_point(|edge| edge.0 < node);
        let from_here = edges[first..].iter().take_while(|edge| edge.0 == node);
        sources.extend(from_here.map(|edge| edge.1));
    }
    unreached
}
