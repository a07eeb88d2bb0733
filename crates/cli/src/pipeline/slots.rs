//! Values that are computed once, by whichever thread comes first; the others wait.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

/// A map from keys to values that are computed on demand.
#[derive(Debug)]
pub struct Slots<K, V>(Mutex<HashMap<K, Arc<OnceLock<V>>>>);

impl<K, V> Default for Slots<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Hash + Eq + Clone, V: Clone> Slots<K, V> {
    /// The value of a key. Computes it where nobody did; waits where somebody is at it.
    pub fn get(&self, key: &K, compute: impl FnOnce() -> V) -> V {
        let slot = {
            // The map is whole between any two statements.
            let mut map = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            match map.get(key) {
                Some(slot) => Arc::clone(slot),
                None => Arc::clone(map.entry(key.clone()).or_default()),
            }
        };
        slot.get_or_init(compute).clone()
    }

    /// Sets the value of a key for whoever asks from now on.
    pub fn set(&self, key: K, value: V) {
        let slot = Arc::new(OnceLock::from(value));
        let mut map = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        map.insert(key, slot);
    }
}
