//! The shortest ways through a grid, with a heap of the standard library.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

const SIDE: usize = 400;

fn main() {
    let mut x = 3u32;
    let costs: Vec<u32> = (0..SIDE * SIDE)
        .map(|_| {
            x = x.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            1 + (x >> 28)
        })
        .collect();
    let mut best = vec![u32::MAX; SIDE * SIDE];
    let mut open = BinaryHeap::from([Reverse((0u32, 0usize))]);
    best[0] = 0;
    while let Some(Reverse((cost, at))) = open.pop() {
        if cost > best[at] {
            continue;
        }
        let (row, column) = (at / SIDE, at % SIDE);
        let mut step = |next: usize| {
            let cost = cost + costs[next];
            if cost < best[next] {
                best[next] = cost;
                open.push(Reverse((cost, next)));
            }
        };
        if row > 0 {
            step(at - SIDE);
        }
        if row + 1 < SIDE {
            step(at + SIDE);
        }
        if column > 0 {
            step(at - 1);
        }
        if column + 1 < SIDE {
            step(at + 1);
        }
    }
    println!("{}", best[SIDE * SIDE - 1]);
}
