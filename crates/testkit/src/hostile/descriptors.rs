//! Data descriptors: sizes that follow the data.

use super::{
    Case,
    Expect::{Accept, Reject},
    TARGET, add, evil, with_target,
};
use crate::{
    wheel::WheelBuilder,
    zip::{DESCRIPTOR, Entry, Header, descriptor, extra_field},
};

pub(super) fn all(cases: &mut Vec<Case>) {
    descriptors(cases);
    ambiguous(cases);
    lying_fields(cases);
    misplaced(cases);
}

/// How the target is streamed: what its local header keeps, and the descriptor after it.
fn streamed(blank: fn(&mut Header), after: impl Fn(&Header) -> Vec<u8> + 'static) -> WheelBuilder {
    streamed_from(evil(), blank, after)
}

fn streamed_from(
    builder: WheelBuilder,
    blank: fn(&mut Header),
    after: impl Fn(&Header) -> Vec<u8> + 'static,
) -> WheelBuilder {
    with_target(builder, move |entry| {
        let mut entry: Entry = entry.both(|it| it.flags |= DESCRIPTOR);
        if let Some(header) = &entry.central {
            entry.after = after(header);
        }
        entry.local(blank)
    })
}

fn zero(header: &mut Header) {
    (header.crc, header.compressed, header.size) = (0, 0, 0);
}

fn zero_wide(header: &mut Header) {
    zero(header);
    header.extra = extra_field(1, &[0; 16]);
}

fn of(header: &Header, signature: bool, wide: bool) -> Vec<u8> {
    let (compressed, size) = (header.compressed.into(), header.size.into());
    descriptor(header.crc, compressed, size, signature, wide)
}

fn descriptors(cases: &mut Vec<Case>) {
    let rule = Reject("data descriptor");
    let rows = [
        (
            "z10_dd_signed",
            Accept,
            streamed(zero, |it| of(it, true, false)),
        ),
        (
            "z10_dd_unsigned",
            Accept,
            streamed(zero, |it| of(it, false, false)),
        ),
        (
            "z10_dd_wide",
            Accept,
            streamed(zero_wide, |it| of(it, true, true)),
        ),
        (
            "z10_dd_wide_unsigned",
            Accept,
            streamed(zero_wide, |it| of(it, false, true)),
        ),
        (
            "z10_dd_sizes_kept",
            Accept,
            streamed(|_| (), |it| of(it, true, false)),
        ),
        (
            "z10_dd_wide_unannounced",
            rule,
            streamed(zero, |it| of(it, true, true)),
        ),
        (
            "z10_dd_narrow_after_zip64",
            rule,
            streamed(zero_wide, |it| of(it, true, false)),
        ),
    ];
    for (id, expect, builder) in rows {
        add(
            cases,
            id,
            expect,
            "a deflated entry with a data descriptor",
            builder,
        );
    }
}

/// Where a reader that streams would go wrong.
fn ambiguous(cases: &mut Vec<Case>) {
    let rule = Reject("data descriptor");
    let stored = streamed_from(evil().stored(), zero, |it| of(it, true, false));
    add(
        cases,
        "z10_dd_ok",
        rule,
        "a stored entry with a data descriptor",
        stored,
    );
    // CRC-32 of these bytes is the descriptor's signature, so an unsigned one looks signed.
    let looks_signed = || WheelBuilder::new("evil", "1.0").file(TARGET, &[0xac, 0x0a, 0x7a, 0xd5]);
    let unsigned = streamed_from(looks_signed(), zero, |it| of(it, false, false));
    add(
        cases,
        "z10_dd_crc_is_signature",
        rule,
        "an unsigned one that looks signed",
        unsigned,
    );
    let signed = streamed_from(looks_signed(), zero, |it| of(it, true, false));
    add(
        cases,
        "z10_dd_crc_is_signature_signed",
        Accept,
        "the same with a signature",
        signed,
    );
}

fn lying_fields(cases: &mut Vec<Case>) {
    fn changed(change: fn(&mut Header)) -> impl Fn(&Header) -> Vec<u8> {
        move |header| {
            let mut header = header.clone();
            change(&mut header);
            of(&header, true, false)
        }
    }
    let rule = "data descriptor";
    let rows: [(&str, &'static str, WheelBuilder); 3] = [
        (
            "z11_dd_crc",
            rule,
            streamed(zero, changed(|it| it.crc ^= 1)),
        ),
        (
            "z11_dd_size",
            rule,
            streamed(zero, changed(|it| it.size += 1)),
        ),
        (
            "z11_dd_compressed",
            rule,
            streamed(zero, changed(|it| it.compressed += 1)),
        ),
    ];
    for (id, rule, builder) in rows {
        add(
            cases,
            id,
            Reject(rule),
            "a data descriptor that lies",
            builder,
        );
    }
}

fn misplaced(cases: &mut Vec<Case>) {
    let rule = "data descriptor";
    let rows: [(&str, &'static str, WheelBuilder); 6] = [
        ("z11_dd_missing", rule, streamed(zero, |_| Vec::new())),
        (
            "z11_dd_gap",
            rule,
            streamed(zero, |it| [of(it, true, false), vec![0]].concat()),
        ),
        (
            "z11_dd_twice",
            rule,
            streamed(zero, |it| of(it, true, false).repeat(2)),
        ),
        (
            "z11_dd_signature",
            rule,
            streamed(zero, |it| {
                let mut bytes = of(it, true, false);
                bytes[3] = 9;
                bytes
            }),
        ),
        (
            "z11_dd_local_half",
            "local header",
            streamed(|it| it.crc = 0, |it| of(it, true, false)),
        ),
        (
            "z11_dd_local_other",
            "local header",
            streamed(|it| it.size += 1, |it| of(it, true, false)),
        ),
    ];
    for (id, rule, builder) in rows {
        add(
            cases,
            id,
            Reject(rule),
            "a data descriptor out of place",
            builder,
        );
    }
    let blank = with_target(evil(), |entry| entry.local(zero));
    add(
        cases,
        "z11_blank_without_flag",
        Reject("local header"),
        "a blank local header, no descriptor",
        blank,
    );
}
