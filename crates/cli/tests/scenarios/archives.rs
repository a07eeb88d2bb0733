//! Hostile archives, through every door: a file, a JSON index, an HTML index.
