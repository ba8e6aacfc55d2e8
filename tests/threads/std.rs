//! What Rust's standard library makes of threads: channels, locks, condition variables, thread-locals, barriers,
//! files that many write to, sleeping, and a thread that outlives main.

use std::cell::Cell;
use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, Condvar, Mutex, RwLock, mpsc};
use std::thread;
use std::time::{Duration, Instant};

thread_local! {
    static MINE: Cell<usize> = const { Cell::new(0) };
}

fn main() {
    channels();
    locks();
    files();
    churn();
    let started = Instant::now();
    thread::sleep(Duration::from_millis(20));
    assert!(started.elapsed() >= Duration::from_millis(20));
    thread::spawn(|| {
        loop {
            thread::sleep(Duration::from_secs(1000));
        }
    });
    println!("done");
}

fn channels() {
    let (sender, receiver) = mpsc::channel();
    for number in 0..8usize {
        let sender = sender.clone();
        thread::spawn(move || {
            for value in 0..1000 {
                sender.send(number * 1000 + value).unwrap();
            }
        });
    }
    drop(sender);
    println!("sum {}", receiver.iter().sum::<usize>());
}

fn locks() {
    let sum = Arc::new((Mutex::new(0usize), Condvar::new()));
    let shared = Arc::new(RwLock::new(vec![0usize; 8]));
    let barrier = Arc::new(Barrier::new(8));
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    for number in 0..8usize {
        let (sum, shared, barrier) = (sum.clone(), shared.clone(), barrier.clone());
        thread::spawn(move || {
            barrier.wait();
            for _ in 0..1000 {
                MINE.set(MINE.get() + 1);
                COUNT.fetch_add(1, Ordering::Relaxed);
                shared.write().unwrap()[number] += 1;
                *sum.0.lock().unwrap() += number + 1;
            }
            assert_eq!(MINE.get(), 1000);
            sum.1.notify_one();
        });
    }
    let expected = (1..=8).sum::<usize>() * 1000;
    let guard = sum.0.lock().unwrap();
    let guard = sum.1.wait_while(guard, |sum| *sum < expected).unwrap();
    assert_eq!(MINE.get(), 0);
    println!("locked {} {}", *guard, COUNT.load(Ordering::Relaxed));
    assert!(shared.read().unwrap().iter().all(|&count| count == 1000));
}

/// Eight threads append lines to one file and each makes files of its own. Names are absolute: the C library makes
/// others so in one buffer for all threads.
fn files() {
    File::create("/log").unwrap();
    let log = OpenOptions::new().append(true).open("/log").unwrap();
    thread::scope(|scope| {
        for number in 0..8 {
            let mut log = &log;
            scope.spawn(move || {
                for round in 0..50 {
                    let name = format!("/file-{number}-{round}");
                    File::create(&name).unwrap().write_all(name.as_bytes()).unwrap();
                    let mut text = String::new();
                    File::open(&name).unwrap().read_to_string(&mut text).unwrap();
                    assert_eq!(text, name);
                    std::fs::remove_file(&name).unwrap();
                    log.write_all(b"0123456789abcde\n").unwrap();
                }
            });
        }
    });
    let text = std::fs::read_to_string("/log").unwrap();
    assert!(text.lines().all(|line| line == "0123456789abcde"));
    println!("lines {}", text.lines().count());
}

/// Threads one after the other.
fn churn() {
    let total: usize = (0..200)
        .map(|number| thread::spawn(move || number).join().unwrap())
        .sum();
    println!("churned {total}");
}
