//! How much an archive may cost.

/// Bounds, checked on what the headers declare; reading then never exceeds what is declared.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Entries, directories included.
    pub(crate) entries: u64,
    /// Names: entries, and directories that are only named as parents.
    pub(crate) names: u64,
    /// Bytes of the central directory, which is held in memory.
    pub(crate) central: u64,
    /// Uncompressed bytes of one entry.
    pub(crate) entry: u64,
    /// Uncompressed bytes of all entries.
    pub(crate) total: u64,
    /// Above this many uncompressed bytes the ratio counts: of one entry, and of all together.
    pub(crate) ratio_from: u64,
    /// Uncompressed bytes for each compressed one. PyPI's upload rule.
    pub(crate) ratio: u64,
}

impl Limits {
    /// In force for every archive.
    pub(crate) const DEFAULT: Self = Self {
        entries: 100_000,
        names: 200_000,
        central: 32 << 20,
        entry: 4 << 30,
        total: 16 << 30,
        ratio_from: 64 << 20,
        ratio: 50,
    };

    /// Whether so many bytes are too many to come out of so few.
    pub(crate) fn is_bomb(&self, size: u64, compressed: u64) -> bool {
        size > self.ratio_from && size > compressed.saturating_mul(self.ratio)
    }
}

#[cfg(test)]
mod tests {
    use assay_testkit::zip::{Archive, DEFLATED, Entry, STORED};

    use super::Limits;
    use crate::zip::walk;

    /// Two files of 100 bytes each, one deflated to less than 20, in a directory of 106 bytes.
    fn archive() -> Vec<u8> {
        let entries = vec![
            Entry::file("stored", &[7; 100], STORED, 0o644),
            Entry::file("deflated", &[7; 100], DEFLATED, 0o644),
        ];
        Archive::new(entries).write()
    }

    fn check(rule: &str, change: fn(&mut Limits, u64), enough: u64) {
        for (limit, expected) in [(enough, None), (enough - 1, Some(rule))] {
            let mut limits = Limits::DEFAULT;
            change(&mut limits, limit);
            let refused = walk(&archive(), &limits).err();
            assert_eq!(refused.and_then(|it| it.rule()), expected, "{limit}");
        }
    }

    #[test]
    fn each_limit_holds_and_is_reached() {
        check("entry limit", |it, limit| it.entries = limit, 2);
        check(
            "central directory limit",
            |it, limit| it.central = limit,
            106,
        );
        check("size limit", |it, limit| it.entry = limit, 100);
        check("total size limit", |it, limit| it.total = limit, 200);
    }

    #[test]
    fn the_ratio_counts_above_a_size_only() {
        check(
            "compression ratio",
            |it, limit| (it.ratio_from, it.ratio) = (limit, 2),
            100,
        );
    }

    #[test]
    fn many_small_entries_are_one_large_one() {
        // 200 bytes out of 100 stored and some deflated ones: more than one for one.
        check(
            "compression ratio",
            |it, limit| (it.ratio_from, it.ratio) = (limit, 1),
            200,
        );
    }
}
