//! What a large artefact costs to open: nothing proportional to its size is to be read.

use super::progress;
use crate::compared::Compared;
use crate::report::{Row, Suite, Target, Unit};
use anyhow::Result;
use std::fmt::Write as _;

/// Functions in the small and in the large module: about 10 kB and 10 MB of artefact.
const FUNCTIONS: [usize; 2] = [4, 14_000];
const OPENINGS: u32 = 200;

pub fn measure_all() -> Result<Suite> {
    let compared = Compared::find()?;
    let folder = tempfile::tempdir()?;
    let mut rows = Vec::new();
    let mut ours = Vec::new();
    for engine in &compared.engines {
        let (mut times, mut sizes) = (Vec::new(), Vec::new());
        for count in FUNCTIONS {
            progress(&format!("load {} with {count} functions", engine.name()));
            let path = folder.path().join(format!("{count}.{}", engine.name()));
            let wasm = folder.path().join("module.wasm");
            std::fs::write(&wasm, wat::parse_str(module(count))?)?;
            compared.compile(&**engine, &wasm, &path)?;
            sizes.push(std::fs::metadata(&path)?.len());
            times.push(compared.open(&**engine, &path, OPENINGS)?.as_secs_f64());
        }
        let row = Row {
            subject: format!(
                "{}, {:.1} MB and {:.0} kB",
                engine.name(),
                sizes[1] as f64 / 1e6,
                sizes[0] as f64 / 1e3
            ),
            quantity: "open",
            unit: Unit::Seconds,
            ours: times[1],
            theirs: Some(times[0]),
        };
        ours.push(row.ratio());
        rows.push(row);
    }
    Ok(Suite {
        name: "load",
        title: format!("least of {OPENINGS} openings in one process, files in the page cache"),
        ours: "large",
        theirs: "small".into(),
        rows,
        targets: vec![Target {
            what: "ahead, large to small".into(),
            at_most: 2.0,
            ratio: ours[0],
        }],
    })
}

/// A module of `count` different functions, one of them a command's entry.
fn module(count: usize) -> String {
    let mut wat = String::from("(module (memory 1)\n");
    for function in 0..count {
        writeln!(wat, "(func $f{function} (param i32 i32) (result i32)").expect("a String");
        for step in 0..12 {
            let constant = (function * 31 + step * 7) % 4096;
            writeln!(
                wat,
                "(i32.store offset={constant} (local.get 0) (i32.mul (i32.xor (local.get 1) \
                 (i32.load offset={step} (local.get 0))) (i32.const {})))",
                constant * 2 + 3
            )
            .expect("a String");
        }
        wat.push_str("(i32.add (local.get 0) (local.get 1)))\n");
    }
    wat.push_str("(func (export \"_start\") (drop (call $f0 (i32.const 0) (i32.const 1)))))");
    wat
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_module_is_one() {
        wat::parse_str(super::module(3)).unwrap();
    }
}
