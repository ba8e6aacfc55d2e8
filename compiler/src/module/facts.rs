//! What is true of the whole module and makes its code better.
//!
//! Translation and linking ask these facts; nothing here depends on how code is generated. They come from
//! the declarations and from one cheap scan over the bodies ([`super::scan`]).

use ahead_artifact::const_expr::ConstOp;
use ahead_artifact::{FuncIndex, GlobalIndex, TableIndex, TypeIndex};

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
    /// By [`FuncIndex`]: may be called through a `funcref` or by the host, with the entry trampoline.
    pub escaping: Vec<bool>,
    /// Types that need an entry trampoline: canonical, ascending.
    pub entry_types: Vec<TypeIndex>,
    /// Types that need a hostcall trampoline: canonical, ascending.
    pub hostcall_types: Vec<TypeIndex>,
}

impl Facts {
    pub fn static_table(&self, table: TableIndex) -> Option<&StaticTable> {
        self.static_tables.get(table.index())?.as_ref()
    }

    pub fn constant_global(&self, global: GlobalIndex) -> Option<ConstOp> {
        self.constant_globals.get(global.index()).copied().flatten()
    }
}
