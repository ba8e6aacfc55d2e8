//! Shared queues: found by `vm_id` and name, used by number, and whoever registered one last is told when
//! something comes in.
//!
//! A VM that registers has an *inbox*. An item that is put into a queue leaves the queue's number in the inbox and
//! wakes the VM's thread, which then calls `Vm::on_queue_ready`.

use crate::abi::Status;
use crate::config::Limits;
use crate::context::ContextId;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

/// Where queues tell a VM of new items.
pub(crate) struct Inbox {
    ready: Mutex<VecDeque<(ContextId, u32)>>,
    wake: Box<dyn Fn() + Send + Sync>,
}

impl std::fmt::Debug for Inbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Inbox").finish_non_exhaustive()
    }
}

/// Notices that may wait in an inbox. Beyond it a notice is lost, not an item: a VM that is told of one item
/// finds the others too.
const NOTICES_MAX: usize = 65_536;

impl Inbox {
    pub fn new(wake: Box<dyn Fn() + Send + Sync>) -> Arc<Inbox> {
        Arc::new(Inbox {
            ready: Mutex::default(),
            wake,
        })
    }

    fn notices(&self) -> MutexGuard<'_, VecDeque<(ContextId, u32)>> {
        self.ready.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put(&self, root: ContextId, queue: u32) {
        let mut notices = self.notices();
        if notices.len() < NOTICES_MAX {
            notices.push_back((root, queue));
        }
        drop(notices);
        (self.wake)();
    }

    /// Takes the oldest notice.
    pub fn take(&self) -> Option<(ContextId, u32)> {
        self.notices().pop_front()
    }

    pub fn len(&self) -> usize {
        self.notices().len()
    }
}

#[derive(Debug, Default)]
pub(crate) struct Queues(Mutex<Registry>);

#[derive(Debug, Default)]
struct Registry {
    names: HashMap<String, HashMap<Vec<u8>, u32>>,
    /// By number less one.
    queues: Vec<Queue>,
}

#[derive(Debug)]
struct Queue {
    items: VecDeque<Vec<u8>>,
    bytes: usize,
    /// Who registered last.
    inbox: Weak<Inbox>,
    root: ContextId,
}

impl Queues {
    fn registry(&self) -> MutexGuard<'_, Registry> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes a queue or takes the one of this name over, and gives its number. `InternalFailure` if the `vm_id` has
    /// too many.
    pub fn register(
        &self,
        vm_id: &str,
        name: &[u8],
        inbox: &Arc<Inbox>,
        root: ContextId,
        limits: &Limits,
    ) -> Result<u32, Status> {
        let mut registry = self.registry();
        let Registry { names, queues } = &mut *registry;
        let names = match names.get_mut(vm_id) {
            Some(names) => names,
            None => names.entry(vm_id.to_owned()).or_default(),
        };
        let token = match names.get(name) {
            Some(token) => *token,
            None => {
                if names.len() >= limits.queues_max {
                    return Err(Status::InternalFailure);
                }
                queues.push(Queue {
                    items: VecDeque::new(),
                    bytes: 0,
                    inbox: Weak::new(),
                    root,
                });
                let token = u32::try_from(queues.len()).map_err(|_| Status::InternalFailure)?;
                names.insert(name.to_vec(), token);
                token
            }
        };
        let queue = &mut queues[token as usize - 1];
        queue.inbox = Arc::downgrade(inbox);
        queue.root = root;
        Ok(token)
    }

    /// The number of a queue.
    pub fn resolve(&self, vm_id: &str, name: &[u8]) -> Option<u32> {
        self.registry().names.get(vm_id)?.get(name).copied()
    }

    /// Puts an item at a queue's end and tells who registered it. `NotFound` if there is no such queue,
    /// `InternalFailure` if it is full.
    pub fn enqueue(&self, token: u32, item: &[u8], limits: &Limits) -> Result<(), Status> {
        let mut registry = self.registry();
        let queue = registry.queue(token)?;
        if queue.items.len() >= limits.queue_items_max
            || queue.bytes + item.len() > limits.queue_bytes_max
        {
            return Err(Status::InternalFailure);
        }
        queue.items.push_back(item.to_vec());
        queue.bytes += item.len();
        let (inbox, root) = (queue.inbox.upgrade(), queue.root);
        // The proxy's waker runs without the lock.
        drop(registry);
        if let Some(inbox) = inbox {
            inbox.put(root, token);
        }
        Ok(())
    }

    /// Takes the item at a queue's front. `NotFound` if there is no such queue, `Empty` if nothing is in it.
    pub fn dequeue(&self, token: u32) -> Result<Vec<u8>, Status> {
        let mut registry = self.registry();
        let queue = registry.queue(token)?;
        let item = queue.items.pop_front().ok_or(Status::Empty)?;
        queue.bytes -= item.len();
        Ok(item)
    }
}

impl Registry {
    fn queue(&mut self, token: u32) -> Result<&mut Queue, Status> {
        let index = (token as usize).checked_sub(1).ok_or(Status::NotFound)?;
        self.queues.get_mut(index).ok_or(Status::NotFound)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};

    #[test]
    fn items_come_in_order_and_the_last_to_register_is_told() {
        static WOKEN: AtomicU32 = AtomicU32::new(0);
        let wake = || {
            WOKEN.fetch_add(1, Ordering::Relaxed);
        };
        let (first, second) = (Inbox::new(Box::new(|| {})), Inbox::new(Box::new(wake)));
        let queues = Queues::default();
        let limits = Limits::default();
        let register = |inbox, root| queues.register("vm", b"q", inbox, ContextId(root), &limits);
        let token = register(&first, 1).unwrap();
        assert_eq!(register(&second, 7), Ok(token));
        assert_eq!(queues.resolve("vm", b"q"), Some(token));
        assert_eq!(queues.resolve("other", b"q"), None);
        queues.enqueue(token, b"a", &limits).unwrap();
        queues.enqueue(token, b"b", &limits).unwrap();
        assert_eq!((first.len(), second.len()), (0, 2));
        assert_eq!(WOKEN.load(Ordering::Relaxed), 2);
        assert_eq!(second.take(), Some((ContextId(7), token)));
        assert_eq!(queues.dequeue(token), Ok(b"a".to_vec()));
        assert_eq!(queues.dequeue(token), Ok(b"b".to_vec()));
        assert_eq!(queues.dequeue(token), Err(Status::Empty));
        drop(second);
        assert_eq!(queues.enqueue(token, b"c", &limits), Ok(()));
        for unknown in [0, token + 1, u32::MAX] {
            assert_eq!(queues.dequeue(unknown), Err(Status::NotFound));
            assert_eq!(queues.enqueue(unknown, b"", &limits), Err(Status::NotFound));
        }
    }

    #[test]
    fn queues_are_bounded() {
        let limits = Limits {
            queues_max: 1,
            queue_items_max: 2,
            queue_bytes_max: 3,
            ..Limits::default()
        };
        let queues = Queues::default();
        let inbox = Inbox::new(Box::new(|| {}));
        let register = |name: &[u8]| queues.register("", name, &inbox, ContextId(1), &limits);
        let token = register(b"one").unwrap();
        assert_eq!(register(b"two"), Err(Status::InternalFailure));
        assert_eq!(
            queues.enqueue(token, &[0; 4], &limits),
            Err(Status::InternalFailure)
        );
        assert_eq!(queues.enqueue(token, &[0; 2], &limits), Ok(()));
        assert_eq!(queues.enqueue(token, &[], &limits), Ok(()));
        assert_eq!(
            queues.enqueue(token, &[], &limits),
            Err(Status::InternalFailure)
        );
    }
}
