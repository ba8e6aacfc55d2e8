//! Text taken apart and put together: characters, `String`, `BTreeMap`.

use std::collections::BTreeMap;

fn main() {
    let mut x = 1u32;
    let mut text = String::new();
    for _ in 0..200_000 {
        x = x.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        text.push(char::from_u32(0xe0 + (x >> 27)).expect("a letter"));
        if x >> 29 == 0 {
            text.push(' ');
        }
    }
    let mut counts = BTreeMap::new();
    for word in text.split_whitespace() {
        let word: String = word.to_uppercase().chars().rev().take(2).collect();
        *counts.entry(word).or_insert(0u32) += 1;
    }
    let most = counts.iter().max_by_key(|(word, count)| (**count, (*word).clone()));
    println!("{} {:?}", counts.len(), most.expect("a word"));
}
