//! PEP 503 pages: files only from https, from elsewhere only with a digest.
#![no_main]

#[path = "common/pages.rs"]
mod pages;

use assay_index::page::Format;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| pages::check(Format::Html, bytes));
