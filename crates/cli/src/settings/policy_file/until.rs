//! `until`: the last day, in UTC, on which something holds.

use assay_types::day::LastDay;
use toml::de::DeValue;

use super::reader::{Mistake, Placed, Reader, Times, Value};

/// A day that is not over yet. One that is makes a mistake, so that somebody looks at what ended.
pub(super) fn read(reader: &Reader<'_>, value: &Value<'_>) -> Result<Placed<LastDay>, Mistake> {
    let day =
        day(value).ok_or_else(|| reader.wrong(value, "until is a date such as 2026-12-31"))?;
    let Times { now, latest } = reader.times;
    if day.holds_at(latest) {
        return Ok(reader.placed(value, day));
    }
    // Whoever sets a clock back gets no grant back.
    let by_clock = match day.holds_at(now) {
        true => format!(
            " (the clock says {now:.0}, and said {latest:.0} in an earlier run; if it was wrong \
             then, remove clock.json from assay's state)"
        ),
        false => String::new(),
    };
    let fact = format!(
        "this rule held until {day}{by_clock}: take it out, or look at it again and set a new day"
    );
    Err(reader.wrong(value, fact))
}

fn day(value: &Value<'_>) -> Option<LastDay> {
    match value.get_ref() {
        DeValue::Datetime(written) => written.to_string().parse().ok(),
        _ => None,
    }
}
