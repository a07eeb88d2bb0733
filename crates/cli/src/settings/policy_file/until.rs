//! `until`: the last day, in UTC, on which something holds.

use assay_types::Timestamp;
use jiff::{civil::Date, tz::TimeZone};
use toml::de::DeValue;

use super::reader::{Mistake, Placed, Reader, Times, Value};

/// A day that is not over yet. One that is makes a mistake, so that somebody looks at what ended.
pub(super) fn read(reader: &Reader<'_>, value: &Value<'_>) -> Result<Placed<String>, Mistake> {
    let day =
        day(value).ok_or_else(|| reader.wrong(value, "until is a date such as 2026-12-31"))?;
    let Times { now, latest } = reader.times;
    let by_clock = match end_of(day) {
        Some(end) if latest < end => return Ok(reader.placed(value, day.to_string())),
        // Whoever sets a clock back gets no grant back.
        Some(end) if now < end => format!(
            " (the clock says {now:.0}, and said {latest:.0} in an earlier run; if it was wrong \
             then, remove clock.json from assay's state)"
        ),
        _ => String::new(),
    };
    let fact = format!(
        "this rule held until {day}{by_clock}: take it out, or look at it again and set a new day"
    );
    Err(reader.wrong(value, fact))
}

fn day(value: &Value<'_>) -> Option<Date> {
    let DeValue::Datetime(written) = value.get_ref() else {
        return None;
    };
    if written.time.is_some() || written.offset.is_some() {
        return None;
    }
    let date = written.date?;
    let year = i16::try_from(date.year).ok()?;
    let (month, day) = (i8::try_from(date.month).ok()?, i8::try_from(date.day).ok()?);
    Date::new(year, month, day).ok()
}

fn end_of(day: Date) -> Option<Timestamp> {
    let next = day.tomorrow().ok()?;
    Some(next.to_zoned(TimeZone::UTC).ok()?.timestamp())
}
