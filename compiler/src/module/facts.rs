//! What is true of the whole module and makes its code better.
//!
//! Translation and linking ask these facts; nothing here depends on how code is generated. They come from
//! the declarations and from one cheap scan over the bodies ([`super::scan`]). A fact that is not there is
//! never wrong, only slower.

use super::const_expr;
use super::scan::Uses;
use super::throws::Throws;
use ahead_artifact::const_expr::{ConstExpr, ConstOp};
use ahead_artifact::elements::{ElementItems, ElementMode, ElementSegment};
use ahead_artifact::interface::{ExportItem, Interface};
use ahead_artifact::{
    FuncIndex, GlobalIndex, GlobalType, Hierarchy, MemoryIndex, RefType, TableIndex, TableType,
    TypeIndex,
};

/// A function table that never changes and is never seen from outside.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct StaticTable {
    /// The function in each row, `None` for null. As long as the table.
    pub rows: Vec<Option<FuncIndex>>,
}

#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// By [`TableIndex`]: the rows of each table that is static.
    pub static_tables: Vec<Option<StaticTable>>,
    /// Imported functions that stand in static tables and need a thunk, ascending.
    pub thunks: Vec<FuncIndex>,
    /// By [`GlobalIndex`]: the value of each global that never changes and has a constant one.
    pub constant_globals: Vec<Option<ConstOp>>,
    /// By [`GlobalIndex`]: never changes once the instance is made, whether its value is known or not.
    pub unchanging_globals: Vec<bool>,
    /// By [`MemoryIndex`]: the module makes it, and it keeps the size it is made with.
    pub fixed_memories: Vec<bool>,
    /// Types that need an entry trampoline, because functions of them may be called through a `funcref` or
    /// by the host: canonical, ascending.
    pub entry_types: Vec<TypeIndex>,
    /// Types that need a hostcall trampoline: canonical, ascending.
    pub hostcall_types: Vec<TypeIndex>,
    /// Which calls may throw.
    pub throws: Throws,
}

/// What facts are derived from.
pub struct Declared<'m> {
    pub interface: &'m Interface,
    pub canonical_types: &'m [TypeIndex],
    pub functions: &'m [TypeIndex],
    pub imported_funcs: u32,
    pub tables: &'m [TableType],
    /// How many memories there are, imported ones among them.
    pub memories: usize,
    pub globals: &'m [GlobalType],
    pub elements: &'m [ElementSegment],
    pub uses: &'m Uses,
}

/// A table is made static only if it has at most this many rows for each element given, and
/// [`STATIC_ROWS_MIN`]: a huge empty table costs nothing at run time, but its rows would be in the artefact.
const STATIC_ROWS_PER_ELEMENT: u64 = 4;
const STATIC_ROWS_MIN: u64 = 1024;

pub fn derive(declared: &Declared<'_>) -> Facts {
    let unchanging_globals = unchanging_globals(declared);
    let constant_globals = constant_globals(declared, &unchanging_globals);
    let static_tables: Vec<_> = (0..declared.tables.len())
        .map(|table| static_table(declared, TableIndex::new(table), &constant_globals))
        .collect();
    let escaping = escaping(declared, &static_tables);
    let origins = declared.uses.origins.as_ref();
    let throws = origins.map(|origins| Throws::derive(declared, origins, &static_tables));
    let mut thunks: Vec<_> = static_tables
        .iter()
        .flatten()
        .flat_map(|table| table.rows.iter().copied().flatten())
        .filter(|function| function.0 < declared.imported_funcs)
        .collect();
    thunks.sort_unstable();
    thunks.dedup();

    let mut entry = vec![false; declared.canonical_types.len()];
    let mut hostcall = vec![false; declared.canonical_types.len()];
    let canonical = |ty: TypeIndex| declared.canonical_types.get(ty.index()).copied();
    for (function, _) in escaping.iter().enumerate().filter(|(_, escapes)| **escapes) {
        if let Some(ty) = canonical(declared.functions[function]) {
            entry[ty.index()] = true;
        }
    }
    for &ty in &declared.functions[..declared.imported_funcs as usize] {
        if let Some(ty) = canonical(ty) {
            hostcall[ty.index()] = true;
        }
    }
    for &(ty, table) in &declared.uses.indirect_calls {
        let is_static = static_tables
            .get(table.index())
            .is_some_and(Option::is_some);
        if let Some(ty) = canonical(ty).filter(|_| !is_static) {
            hostcall[ty.index()] = true;
        }
    }
    for &ty in &declared.uses.reference_calls {
        if let Some(ty) = canonical(ty) {
            hostcall[ty.index()] = true;
        }
    }
    let indices = |needed: Vec<bool>| {
        (0..needed.len())
            .filter(|&ty| needed[ty])
            .map(TypeIndex::new)
            .collect()
    };
    Facts {
        static_tables,
        thunks,
        constant_globals,
        unchanging_globals,
        fixed_memories: fixed_memories(declared),
        entry_types: indices(entry),
        hostcall_types: indices(hostcall),
        throws: throws.unwrap_or_default(),
    }
}

fn exports(declared: &Declared<'_>, matches: impl Fn(ExportItem) -> bool) -> bool {
    declared.interface.exports.iter().any(|e| matches(e.item))
}

/// By [`MemoryIndex`]: made here and grown by nobody, since nobody else sees it.
fn fixed_memories(declared: &Declared<'_>) -> Vec<bool> {
    let imported = declared.memories - declared.interface.memories.len();
    (0..declared.memories)
        .map(|memory| {
            let index = MemoryIndex::new(memory);
            memory >= imported
                && !declared.uses.grown_memories.contains(&index)
                && !exports(declared, |item| item == ExportItem::Memory(index))
        })
        .collect()
}

/// By [`GlobalIndex`]: never changes once the instance is made.
fn unchanging_globals(declared: &Declared<'_>) -> Vec<bool> {
    let imported = declared.globals.len() - declared.interface.globals.len();
    let mut unchanging: Vec<_> = declared
        .globals
        .iter()
        .enumerate()
        .map(|(index, ty)| {
            let written = || {
                declared
                    .uses
                    .written_globals
                    .contains(&GlobalIndex::new(index))
            };
            !ty.mutable || (index >= imported && !written())
        })
        .collect();
    for export in &declared.interface.exports {
        if let ExportItem::Global(global) = export.item {
            unchanging[global.index()] &= !declared.globals[global.index()].mutable;
        }
    }
    unchanging
}

/// By [`GlobalIndex`]: the values of unchanging globals that are known now.
fn constant_globals(declared: &Declared<'_>, unchanging: &[bool]) -> Vec<Option<ConstOp>> {
    let imported = declared.globals.len() - declared.interface.globals.len();
    let mut constants: Vec<Option<ConstOp>> = vec![None; imported];
    for (definition, &unchanging) in declared
        .interface
        .globals
        .iter()
        .zip(&unchanging[imported..])
    {
        // An initial value sees only globals before its own, whose first values are their values here:
        // a global that changes is no constant to begin with.
        let value = if unchanging {
            const_expr::fold(&definition.init, &constants)
        } else {
            None
        };
        constants.push(value);
    }
    constants
}

/// The rows of `table` if it is static: the module's own, of functions, seen by nothing but
/// `call_indirect`, and filled by active segments with constant contents inside it.
fn static_table(
    declared: &Declared<'_>,
    table: TableIndex,
    constants: &[Option<ConstOp>],
) -> Option<StaticTable> {
    let imported = declared.tables.len() - declared.interface.tables.len();
    let definition = declared
        .interface
        .tables
        .get(table.index().checked_sub(imported)?)?;
    // Code that looks rows up relies on there being one.
    if definition.ty.limits.min == 0
        || definition.ty.element.hierarchy() != Hierarchy::Func
        || declared.uses.handled_tables.contains(&table)
        || exports(declared, |item| item == ExportItem::Table(table))
    {
        return None;
    }
    let first = match &definition.init {
        None => None,
        Some(init) => function(init)?,
    };
    let segments = declared
        .elements
        .iter()
        .filter_map(|segment| match &segment.mode {
            ElementMode::Active { table: to, offset } if *to == table => {
                Some((offset, &segment.items))
            }
            _ => None,
        });
    let given: u64 = segments.clone().map(|(_, items)| items.len() as u64).sum();
    let rows_max = given
        .saturating_mul(STATIC_ROWS_PER_ELEMENT)
        .max(STATIC_ROWS_MIN);
    if definition.ty.limits.min > rows_max {
        return None;
    }
    let mut rows = vec![first; usize::try_from(definition.ty.limits.min).ok()?];
    for (offset, items) in segments {
        let offset = const_expr::fold(offset, constants)?.as_address()?;
        let start = usize::try_from(offset).ok()?;
        let end = start.checked_add(items.len())?;
        let target = rows.get_mut(start..end)?;
        match items {
            ElementItems::Functions(functions) => target.copy_from_slice(functions),
            ElementItems::Expressions(_) => return None,
        }
    }
    Some(StaticTable { rows })
}

/// The function that an item is, or `Some(None)` for null; `None` if that is known at run time only.
fn function(item: &ConstExpr) -> Option<Option<FuncIndex>> {
    match item.ops[..] {
        [ConstOp::RefNull(_)] => Some(None),
        [ConstOp::RefFunc(function)] => Some(Some(function)),
        _ => None,
    }
}

/// Collects element items given as expressions: as function indices for as long as they are nothing else.
/// A segment can have millions of them.
pub struct Items {
    ty: RefType,
    items: ElementItems,
}

impl Items {
    pub fn new(ty: RefType) -> Self {
        Items {
            ty,
            items: ElementItems::Functions(Vec::new()),
        }
    }

    pub fn push(&mut self, expression: ConstExpr) {
        let known = function(&expression);
        match (&mut self.items, known) {
            (ElementItems::Functions(functions), Some(function)) => functions.push(function),
            (ElementItems::Functions(functions), None) => {
                let op = |function: Option<FuncIndex>| match function {
                    Some(function) => ConstOp::RefFunc(function),
                    None => ConstOp::RefNull(self.ty.heap),
                };
                let former = functions.drain(..).map(op).map(ConstExpr::of);
                let expressions = former.chain([expression]).collect();
                self.items = ElementItems::Expressions(expressions);
            }
            (ElementItems::Expressions(expressions), _) => expressions.push(expression),
        }
    }

    pub fn finish(self) -> ElementItems {
        self.items
    }
}

/// By [`FuncIndex`]: whether something outside the module, or a reference, may call it.
fn escaping(declared: &Declared<'_>, static_tables: &[Option<StaticTable>]) -> Vec<bool> {
    let mut escaping = vec![false; declared.functions.len()];
    let mut mark = |function: FuncIndex| {
        if let Some(escapes) = escaping.get_mut(function.index()) {
            *escapes = true;
        }
    };
    for export in &declared.interface.exports {
        if let ExportItem::Func(function) = export.item {
            mark(function);
        }
    }
    declared.interface.start.into_iter().for_each(&mut mark);
    for &function in &declared.uses.referenced_functions {
        mark(function);
    }
    let mark_expression = |expression: &ConstExpr, mark: &mut dyn FnMut(FuncIndex)| {
        for op in &expression.ops {
            if let ConstOp::RefFunc(function) = op {
                mark(*function);
            }
        }
    };
    for global in &declared.interface.globals {
        mark_expression(&global.init, &mut mark);
    }
    let imported = declared.tables.len() - declared.interface.tables.len();
    for (definition, table) in declared
        .interface
        .tables
        .iter()
        .zip(&static_tables[imported..])
    {
        if let (Some(init), None) = (&definition.init, table) {
            mark_expression(init, &mut mark);
        }
    }
    for segment in declared.elements {
        match segment.mode {
            // It needs a `ref.func` to become a value, and that is counted.
            ElementMode::Declared => continue,
            ElementMode::Active { table, .. }
                if static_tables
                    .get(table.index())
                    .is_some_and(Option::is_some) =>
            {
                continue;
            }
            _ => {}
        }
        match &segment.items {
            ElementItems::Functions(functions) => {
                functions.iter().flatten().copied().for_each(&mut mark);
            }
            ElementItems::Expressions(expressions) => {
                for expression in expressions {
                    mark_expression(expression, &mut mark);
                }
            }
        }
    }
    escaping
}

impl Facts {
    pub fn static_table(&self, table: TableIndex) -> Option<&StaticTable> {
        self.static_tables.get(table.index())?.as_ref()
    }

    pub fn constant_global(&self, global: GlobalIndex) -> Option<ConstOp> {
        self.constant_globals.get(global.index()).copied().flatten()
    }

    /// Says in the interface and in the element segments which tables are static.
    pub(super) fn mark_static_tables(
        &self,
        interface: &mut Interface,
        elements: &mut [ElementSegment],
        tables: usize,
    ) {
        let imported = tables - interface.tables.len();
        for (definition, table) in interface
            .tables
            .iter_mut()
            .zip(&self.static_tables[imported..])
        {
            definition.is_static = table.is_some();
        }
        for segment in elements {
            if let ElementMode::Active { table, .. } = segment.mode
                && self.static_table(table).is_some()
            {
                segment.mode = ElementMode::Static;
                segment.items = ElementItems::Functions(Vec::new());
            }
        }
    }
}
