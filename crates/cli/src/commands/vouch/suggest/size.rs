//! Sizes of files that nobody fetches, as their indexes have them.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use super::Open;
use crate::commands::request::Asked;

/// How many indexes are asked at once.
const THREADS: usize = 8;

/// Asks for what is not known. What no index says stays unknown: it decides an order and nothing else.
pub fn add(open: &mut [Open], asked: &Asked) {
    let unknown: Vec<_> = open.iter_mut().filter(|it| it.size.is_none()).collect();
    let next = AtomicUsize::new(0);
    let sizes: Vec<std::sync::OnceLock<u64>> = unknown.iter().map(|_| Default::default()).collect();
    let ask = || {
        loop {
            let at = next.fetch_add(1, Relaxed);
            let (Some(it), Some(slot)) = (unknown.get(at), sizes.get(at)) else {
                break;
            };
            if let Some(size) = size(it, asked) {
                // Each place is asked for once.
                let _ = slot.set(size);
            }
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..THREADS.min(unknown.len()) {
            scope.spawn(ask);
        }
    });
    for (it, size) in unknown.into_iter().zip(sizes) {
        it.size = size.into_inner();
    }
}

fn size(open: &Open, asked: &Asked) -> Option<u64> {
    let listing = asked.indexes.listing(&asked.client, open.present.project());
    let listing = listing.ok()??;
    let is_it = |it: &&assay_types::listing::File| it.digests.sha256() == Some(open.present.sha256);
    listing.files.iter().find(is_it)?.size
}
