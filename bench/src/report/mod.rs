//! What was measured, told: a table for the terminal, a page for a browser. As JSON it is the report itself.

pub mod chart;
pub mod html;
pub mod table;
